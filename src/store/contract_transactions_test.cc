// The contract of store.h, checked on every backend: what a transaction sees, and with whom it conflicts.
#include "base/task_group.h"
#include "store/limits.h"
#include "store/testing/contract.h"

namespace outcrop::store {
namespace {

class TransactionsContract : public Contract {};

// --- a transaction by itself

TEST_P(TransactionsContract, ATransactionReadsItsOwnWrites) {
  put("a", "old");
  put("b", "old");
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    tx.put("a", "new");
    tx.erase("b");
    tx.put("c", "new");
    EXPECT_EQ(co_await tx.get("a"), "new");
    EXPECT_EQ(co_await tx.get("b"), std::nullopt);
    EXPECT_EQ(co_await tx.get("c"), "new");
    co_return {};
  };
  ASSERT_TRUE(test.run(store.run(body)).has_value());
  EXPECT_EQ(scan(Range::all()), (Entries{{"a", "new"}, {"c", "new"}}));
}

TEST_P(TransactionsContract, AScanMergesOwnWritesErasesAndRangeErases) {
  for (char c = 'a'; c <= 'h'; ++c) put(std::string(1, c), "old");
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    tx.erase("a");
    tx.put("b", "new");
    tx.put("d", "lost");
    tx.erase_range({"d", "g"});
    tx.put("e", "new");
    tx.put("hh", "new");
    const Entries expected = {{"b", "new"}, {"c", "old"}, {"e", "new"}, {"g", "old"}, {"h", "old"}, {"hh", "new"}};
    EXPECT_EQ(co_await tx.scan(Range::all()), expected);
    EXPECT_EQ(co_await tx.scan(Range::all(), {.reverse = true}), Entries(expected.rbegin(), expected.rend()));
    EXPECT_EQ(co_await tx.scan(Range::all(), {.entries_max = 3}), Entries(expected.begin(), expected.begin() + 3));
    EXPECT_EQ(co_await tx.scan(Range::all(), {.entries_max = 3, .reverse = true}), Entries(expected.rbegin(), expected.rbegin() + 3));
    EXPECT_EQ(co_await tx.scan({"d", "f"}), (Entries{{"e", "new"}}));
    EXPECT_EQ(co_await tx.get("f"), std::nullopt);
    co_return {};
  };
  ASSERT_TRUE(test.run(store.run(body)).has_value());
  EXPECT_EQ(scan(Range::all()).size(), 6u);
}

TEST_P(TransactionsContract, AScanBehindManyOwnErasesStillFillsItsLimit) {
  for (int i = 0; i < 300; ++i) put(fmt::format("{:03}", i), "v");
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    for (int i = 0; i < 290; ++i) tx.erase(fmt::format("{:03}", i));
    EXPECT_EQ((co_await tx.scan(Range::all(), {.entries_max = 5})).front().key, "290");
    EXPECT_EQ((co_await tx.scan(Range::all(), {.entries_max = 50})).size(), 10u);
    co_return {};
  };
  ASSERT_TRUE(test.run(store.run(body)).has_value());
}

TEST_P(TransactionsContract, ReadsComeFromOneSnapshot) {
  put("a", "1");
  put("b", "1");
  int attempts = 0;
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    auto a = co_await tx.get("a");
    if (++attempts == 1) {
      WriteBatch both = putting("a", "2");
      both.put("b", "2");
      both.put("c", "2");
      co_await store.write(std::move(both));
    }
    EXPECT_EQ(a, co_await tx.get("b"));
    EXPECT_EQ((co_await tx.scan(Range::all())).size(), attempts == 1 ? 2u : 3u);
    tx.put("d", "x");
    co_return {};
  };
  ASSERT_TRUE(test.run(store.run(body)).has_value());
  EXPECT_EQ(attempts, 2);
}

TEST_P(TransactionsContract, AFaultOfTheBodyAbortsAndIsTheAnswer) {
  auto body = [](Transaction& tx) -> Task<Result<int>> {
    tx.put("a", "1");
    co_return fail("Refused", 400, "no");
  };
  EXPECT_EQ(test.run(store.run(body)).error().code, "Refused");
  EXPECT_EQ(get("a"), std::nullopt);
}

TEST_P(TransactionsContract, RunGivesTheBodysValue) {
  auto body = [](Transaction& tx) -> Task<Result<int>> {
    tx.put("a", "1");
    co_return 7;
  };
  EXPECT_EQ(test.run(store.run(body)).value(), 7);
}

// --- transactions and others

TEST_P(TransactionsContract, ABodyRunsAgainWhenWhatItReadChanged) {
  put("n", "1");
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        auto n = co_await tx.get("n");
        tx.put("n", *n + "+");
        co_return {};
      },
      [] { return putting("n", "2"); });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(get("n"), "2+");
  EXPECT_EQ(store.stats().conflicts, 1u);
}

TEST_P(TransactionsContract, ReadingAKeyThatIsMissingCountsAsReading) {
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        if (!co_await tx.get("name")) tx.put("name", "mine");
        co_return {};
      },
      [] { return putting("name", "theirs"); });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(get("name"), "theirs");
}

TEST_P(TransactionsContract, WritingWithoutReadingConflictsWithNobody) {
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        tx.put("a", "mine");
        co_return {};
      },
      [] { return putting("a", "theirs"); });
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(get("a"), "mine");
}

TEST_P(TransactionsContract, ReadingOnlyNeverConflicts) {
  put("a", "1");
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        co_await tx.get("a");
        co_return {};
      },
      [] { return putting("a", "2"); });
  EXPECT_EQ(attempts, 1);
}

TEST_P(TransactionsContract, OtherKeysDoNotConflict) {
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        co_await tx.get("a");
        co_await tx.scan({"m", "n"});
        tx.put("z", "1");
        co_return {};
      },
      [] {
        WriteBatch others = putting("b", "2");
        others.put("n", "2");
        others.erase_range({"o", "p"});
        return others;
      });
  EXPECT_EQ(attempts, 1);
}

// A transaction that scans [b, d) and writes elsewhere, against one write.
struct ScanCase {
  std::string name;
  std::function<WriteBatch()> meanwhile;
  int attempts;
};

TEST_P(TransactionsContract, AScannedRangeConflictsWithEveryChangeInIt) {
  const std::vector<ScanCase> cases = {
      {"a phantom insert", [] { return putting("bb", "new"); }, 2},
      {"a changed value", [] { return putting("c", "new"); }, 2},
      {"a phantom erase",
       [] {
         WriteBatch b;
         b.erase("c");
         return b;
       },
       2},
      {"an overlapping range erase",
       [] {
         WriteBatch b;
         b.erase_range({"a", "bb"});
         return b;
       },
       2},
      {"an insert at its begin", [] { return putting("b", "new"); }, 2},
      {"an insert at its end", [] { return putting("d", "new"); }, 1},
      {"a range erase that ends at its begin",
       [] {
         WriteBatch b;
         b.erase_range({"a", "b"});
         return b;
       },
       1},
      {"an insert before it", [] { return putting("az", "new"); }, 1},
  };
  for (const ScanCase& scan_case : cases) {
    put("c", "old");
    int attempts = attempts_with(
        [](Transaction& tx) -> Task<Result<void>> {
          auto entries = co_await tx.scan({"b", "d"});
          tx.put("sum", std::to_string(entries.size()));
          co_return {};
        },
        scan_case.meanwhile);
    EXPECT_EQ(attempts, scan_case.attempts) << scan_case.name;
    WriteBatch clean;
    clean.erase_range(Range::all());
    ASSERT_TRUE(test.run(store.write(std::move(clean))).has_value());
  }
}

TEST_P(TransactionsContract, AReadKeyConflictsWithARangeEraseOverIt) {
  put("c", "1");
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        auto value = co_await tx.get("c");
        tx.put("copy", value.value_or("none"));
        co_return {};
      },
      [] {
        WriteBatch b;
        b.erase_range({"a", "d"});
        return b;
      });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(get("copy"), "none");
}

TEST_P(TransactionsContract, OnlyThePartOfARangeThatWasScannedIsValidated) {
  for (char c = 'a'; c <= 'e'; ++c) put(std::string(1, c), "v");
  auto first_two = [](Transaction& tx) -> Task<Result<void>> {
    co_await tx.scan(Range::all(), {.entries_max = 2});
    tx.put("z", "1");
    co_return {};
  };
  EXPECT_EQ(attempts_with(first_two, [] { return putting("c", "new"); }), 1);
  EXPECT_EQ(attempts_with(first_two, [] { return putting("aa", "new"); }), 2);
  auto last_two = [](Transaction& tx) -> Task<Result<void>> {
    co_await tx.scan({"a", "f"}, {.entries_max = 2, .reverse = true});
    tx.put("z", "1");
    co_return {};
  };
  EXPECT_EQ(attempts_with(last_two, [] { return putting("c", "new"); }), 1);
  EXPECT_EQ(attempts_with(last_two, [] { return putting("ee", "new"); }), 2);
}

TEST_P(TransactionsContract, ReadsOfOwnWritesAreNotValidated) {
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        tx.put("a", "mine");
        tx.erase_range({"m", "p"});
        co_await tx.get("a");
        co_await tx.get("n");
        co_await tx.scan({"m", "p"});
        co_return {};
      },
      [] {
        WriteBatch theirs = putting("a", "theirs");
        theirs.put("n", "theirs");
        return theirs;
      });
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(get("a"), "mine");
  EXPECT_EQ(get("n"), std::nullopt);
}

// Two transactions whose bodies have both read before either commits; gives what each answered.
template <class A, class B>
void run_side_by_side(TestStore& test, A first, B second) {
  TaskGroup group;
  auto one = [&](auto& body) -> Task<void> { EXPECT_TRUE((co_await test.store->run(std::ref(body))).has_value()); };
  auto task = [&]() -> Task<void> {
    group.spawn(one(first));
    group.spawn(one(second));
    co_await group.join();
  };
  test.run(task());
}

// Goes on when both have come here once; later visits pass.
struct Meeting {
  Executor& executor;
  int arrived = 0;
  Task<void> meet() {
    ++arrived;
    while (arrived < 2) co_await executor.yield();
  }
};

TEST_P(TransactionsContract, WriteSkewOverKeysIsImpossible) {
  put("doctor1", "on call");
  put("doctor2", "on call");
  Meeting meeting{test.executor};
  auto leave = [&](std::string self, std::string other) {
    return [&, self, other](Transaction& tx) -> Task<Result<void>> {
      auto state = co_await tx.get(other);
      co_await meeting.meet();
      if (state == "on call") tx.put(self, "at home");
      co_return {};
    };
  };
  run_side_by_side(test, leave("doctor1", "doctor2"), leave("doctor2", "doctor1"));
  EXPECT_NE(get("doctor1") == "on call", get("doctor2") == "on call");
}

TEST_P(TransactionsContract, WriteSkewOverAScannedRangeIsImpossible) {
  Meeting meeting{test.executor};
  auto book = [&](std::string key) {
    return [&, key](Transaction& tx) -> Task<Result<void>> {
      auto taken = co_await tx.scan(Range::prefix("room/"));
      co_await meeting.meet();
      if (taken.empty()) tx.put("room/" + key, "booked");
      co_return {};
    };
  };
  run_side_by_side(test, book("9:00"), book("9:30"));
  EXPECT_EQ(scan(Range::prefix("room/")).size(), 1u);
}

TEST_P(TransactionsContract, ConcurrentIncrementsAllCount) {
  constexpr int threads = 4, increments = 25;
  auto increment = [](Transaction& tx) -> Task<Result<void>> {
    auto n = co_await tx.get("n");
    tx.put("n", std::to_string(n ? std::stoi(*n) + 1 : 1));
    co_return {};
  };
  test.on_threads(threads, [&](SimpleExecutor& executor, size_t) {
    for (int i = 0; i < increments; ++i) EXPECT_TRUE(executor.run(store.run(increment)).has_value());
  });
  EXPECT_EQ(get("n"), std::to_string(threads * increments));
}

TEST_P(TransactionsContract, WritersOnManyThreadsAllCommit) {
  constexpr size_t threads = 4, writes = 50, together = 8;
  test.on_threads(threads, [&](SimpleExecutor& executor, size_t thread) {
    TaskGroup group;
    auto write = [&](size_t writer) -> Task<void> {
      for (size_t i = 0; i < writes / together; ++i) {
        EXPECT_TRUE((co_await store.write(putting(fmt::format("{}/{}/{}", thread, writer, i), "v"))).has_value());
      }
    };
    auto task = [&]() -> Task<void> {
      for (size_t writer = 0; writer < together; ++writer) group.spawn(write(writer));
      co_await group.join();
    };
    executor.run(task());
  });
  EXPECT_EQ(scan(Range::all()).size(), threads * together * (writes / together));
}

TEST_P(TransactionsContract, ATransactionThatAlwaysConflictsGivesUp) {
  int attempts = 0;
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    co_await tx.get("n");
    co_await store.write(putting("n", std::to_string(++attempts)));
    tx.put("m", "1");
    co_return {};
  };
  Result<void> result = test.run(store.run(body));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "TransactionConflict");
  EXPECT_EQ(result.error().status, 503);
  EXPECT_EQ(attempts, transaction_attempts_max);
}

INSTANTIATE_TEST_SUITE_P(Store, TransactionsContract, testing::ValuesIn(all_backends()), [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace outcrop::store
