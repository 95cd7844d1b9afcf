// The contract of store.h, checked on every backend.
#include "base/task_group.h"
#include "store/harness_test.h"
#include "store/limits.h"

namespace outcrop::store {
namespace {

using Trouble = WatchedEngine::Trouble;
using Entries = std::vector<Entry>;

class Contract : public testing::TestWithParam<Backend> {
 protected:
  Contract() : bench(GetParam()), store(*bench.store) {}

  void put(std::string_view key, std::string_view value) {
    WriteBatch batch;
    batch.put(key, value);
    ASSERT_TRUE(bench.run(store.write(std::move(batch))).has_value());
  }
  std::optional<std::string> get(std::string_view key) { return bench.run(bench.store->get(key)).value(); }
  Entries scan(const Range& range, ScanOptions options = {}) { return bench.run(bench.store->scan(range, options)).value(); }

  // Runs `body` as a transaction, and `meanwhile` after its first attempt's reads and writes, before it commits.
  // Gives how often the body ran.
  template <class Body>
  int attempts_with(Body body, std::function<WriteBatch()> meanwhile) {
    int attempts = 0;
    auto task = [&]() -> Task<Result<void>> {
      co_await store.run([&](Transaction& tx) -> Task<Result<void>> {
        co_await body(tx);
        if (++attempts == 1) co_await store.write(meanwhile());
        co_return {};
      });
      co_return {};
    };
    EXPECT_TRUE(bench.run(task()).has_value());
    return attempts;
  }

  Bench bench;
  Store& store;
};

WriteBatch putting(std::string_view key, std::string_view value) {
  WriteBatch batch;
  batch.put(key, value);
  return batch;
}

// --- without transactions

TEST_P(Contract, AWrittenValueIsRead) {
  put("a", "1");
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), std::nullopt);
}

TEST_P(Contract, AnEmptyValueIsNotAMissingOne) {
  put("a", "");
  EXPECT_EQ(get("a"), "");
}

TEST_P(Contract, KeysAndValuesMayHoldAnyByte) {
  const std::string key("\0\xff\0k", 4), value("\0\xff", 2);
  put(key, value);
  EXPECT_EQ(get(key), value);
  EXPECT_EQ(scan(Range::all()), (Entries{{key, value}}));
}

TEST_P(Contract, LaterWritesOfABatchWin) {
  put("b", "old");
  WriteBatch batch;
  batch.put("a", "1");
  batch.put("a", "2");
  batch.put("c", "3");
  batch.erase_range({"b", "d"});
  batch.put("d", "4");
  batch.erase("d");
  batch.put("bb", "5");
  ASSERT_TRUE(bench.run(store.write(std::move(batch))).has_value());
  EXPECT_EQ(scan(Range::all()), (Entries{{"a", "2"}, {"bb", "5"}}));
}

TEST_P(Contract, ScansGoBothWaysInBytewiseOrder) {
  for (std::string_view key : {"b", "a", "ab", "\xff", "c"}) put(key, key);
  EXPECT_EQ(scan({"a", "c"}), (Entries{{"a", "a"}, {"ab", "ab"}, {"b", "b"}}));
  EXPECT_EQ(scan(Range::all(), {.reverse = true}), (Entries{{"\xff", "\xff"}, {"c", "c"}, {"b", "b"}, {"ab", "ab"}, {"a", "a"}}));
  EXPECT_EQ(scan(Range::prefix("a")), (Entries{{"a", "a"}, {"ab", "ab"}}));
  EXPECT_EQ(scan(Range::prefix("\xff")), (Entries{{"\xff", "\xff"}}));
}

TEST_P(Contract, ScansOfNothingAreEmpty) {
  put("b", "1");
  EXPECT_TRUE(scan({"c", "d"}).empty());
  EXPECT_TRUE(scan({"b", "b"}).empty());
  EXPECT_TRUE(scan({"z", "a"}).empty());
  EXPECT_TRUE(scan({"z", "a"}, {.reverse = true}).empty());
}

TEST_P(Contract, ScansKeepTheirLimits) {
  for (char c = 'a'; c <= 'e'; ++c) put(std::string(1, c), std::string(9, c));
  EXPECT_EQ(scan(Range::all(), {.entries_max = 2}).size(), 2u);
  EXPECT_EQ(scan(Range::all(), {.bytes_max = 1}).size(), 1u);
  EXPECT_EQ(scan(Range::all(), {.bytes_max = 20}).size(), 2u);
  EXPECT_EQ(scan(Range::all(), {.bytes_max = 21}).size(), 3u);
  EXPECT_EQ(scan(Range::all(), {.entries_max = 1, .reverse = true}), (Entries{{"e", "eeeeeeeee"}}));
}

TEST_P(Contract, ReadsThatMissMemoryGoToThePool) {
  put("a", "1");
  bench.engine->misses_memory = true;
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(scan(Range::all()), (Entries{{"a", "1"}}));
}

TEST_P(Contract, WritesOfOneCallerCommitInOrder) {
  std::vector<std::string> order;
  bench.engine->on_apply = [&](const WriteBatch& batch) { order.emplace_back((*batch.operations().begin()).value); };
  TaskGroup group;
  auto write = [&](int i) -> Task<void> { EXPECT_TRUE((co_await store.write(putting("k", std::to_string(i)))).has_value()); };
  auto task = [&]() -> Task<void> {
    for (int i = 0; i < 100; ++i) group.spawn(write(i));
    co_await group.join();
  };
  bench.run(task());
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[size_t(i)], std::to_string(i));
  EXPECT_EQ(get("k"), "99");
}

TEST_P(Contract, WritesThatWaitTogetherCommitAsOneGroup) {
  TaskGroup group;
  auto write = [&](int i) -> Task<void> { EXPECT_TRUE((co_await store.write(putting(std::to_string(i), "v"))).has_value()); };
  auto task = [&]() -> Task<void> {
    for (int i = 0; i < 64; ++i) group.spawn(write(i));
    co_await group.join();
  };
  bench.run(task());
  EXPECT_EQ(store.stats().commits, 64u);
  EXPECT_EQ(store.stats().groups, 1u);
}

TEST_P(Contract, WhatWasWrittenIsThereAfterReopening) {
  if (!bench.backend.on_disk) GTEST_SKIP() << "memory ends with the process";
  put("a", "1");
  bench.reopen();
  EXPECT_EQ(get("a"), "1");
}

TEST_P(Contract, FlushResolvesAndKeepsEverything) {
  put("a", "1");
  EXPECT_TRUE(bench.run(store.flush()).has_value());
  EXPECT_EQ(get("a"), "1");
}

TEST_P(Contract, NothingIsActiveOnceAllIsAnswered) {
  put("a", "1");
  (void)get("a");
  EXPECT_TRUE(bench.run(store.flush()).has_value());
  const SteadyTime patience = bench.clock.steady() + Seconds(20);
  while (!bench.activity.idle() && bench.clock.steady() < patience) std::this_thread::yield();
  EXPECT_TRUE(bench.activity.idle());
}

// --- a transaction by itself

TEST_P(Contract, ATransactionReadsItsOwnWrites) {
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
  ASSERT_TRUE(bench.run(store.run(body)).has_value());
  EXPECT_EQ(scan(Range::all()), (Entries{{"a", "new"}, {"c", "new"}}));
}

TEST_P(Contract, AScanMergesOwnWritesErasesAndRangeErases) {
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
  ASSERT_TRUE(bench.run(store.run(body)).has_value());
  EXPECT_EQ(scan(Range::all()).size(), 6u);
}

TEST_P(Contract, AScanBehindManyOwnErasesStillFillsItsLimit) {
  for (int i = 0; i < 300; ++i) put(fmt::format("{:03}", i), "v");
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    for (int i = 0; i < 290; ++i) tx.erase(fmt::format("{:03}", i));
    EXPECT_EQ((co_await tx.scan(Range::all(), {.entries_max = 5})).front().key, "290");
    EXPECT_EQ((co_await tx.scan(Range::all(), {.entries_max = 50})).size(), 10u);
    co_return {};
  };
  ASSERT_TRUE(bench.run(store.run(body)).has_value());
}

TEST_P(Contract, ReadsComeFromOneSnapshot) {
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
  ASSERT_TRUE(bench.run(store.run(body)).has_value());
  EXPECT_EQ(attempts, 2);
}

TEST_P(Contract, AFaultOfTheBodyAbortsAndIsTheAnswer) {
  auto body = [](Transaction& tx) -> Task<Result<int>> {
    tx.put("a", "1");
    co_return fail("Refused", 400, "no");
  };
  EXPECT_EQ(bench.run(store.run(body)).error().code, "Refused");
  EXPECT_EQ(get("a"), std::nullopt);
}

TEST_P(Contract, RunGivesTheBodysValue) {
  auto body = [](Transaction& tx) -> Task<Result<int>> {
    tx.put("a", "1");
    co_return 7;
  };
  EXPECT_EQ(bench.run(store.run(body)).value(), 7);
}

// --- transactions and others

TEST_P(Contract, ABodyRunsAgainWhenWhatItReadChanged) {
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

TEST_P(Contract, ReadingAKeyThatIsMissingCountsAsReading) {
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        if (!co_await tx.get("name")) tx.put("name", "mine");
        co_return {};
      },
      [] { return putting("name", "theirs"); });
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(get("name"), "theirs");
}

TEST_P(Contract, WritingWithoutReadingConflictsWithNobody) {
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        tx.put("a", "mine");
        co_return {};
      },
      [] { return putting("a", "theirs"); });
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(get("a"), "mine");
}

TEST_P(Contract, ReadingOnlyNeverConflicts) {
  put("a", "1");
  int attempts = attempts_with(
      [](Transaction& tx) -> Task<Result<void>> {
        co_await tx.get("a");
        co_return {};
      },
      [] { return putting("a", "2"); });
  EXPECT_EQ(attempts, 1);
}

TEST_P(Contract, OtherKeysDoNotConflict) {
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

TEST_P(Contract, AScannedRangeConflictsWithEveryChangeInIt) {
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
    ASSERT_TRUE(bench.run(store.write(std::move(clean))).has_value());
  }
}

TEST_P(Contract, AReadKeyConflictsWithARangeEraseOverIt) {
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

TEST_P(Contract, OnlyThePartOfARangeThatWasScannedIsValidated) {
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

TEST_P(Contract, ReadsOfOwnWritesAreNotValidated) {
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
void run_side_by_side(Bench& bench, A first, B second) {
  TaskGroup group;
  auto one = [&](auto& body) -> Task<void> { EXPECT_TRUE((co_await bench.store->run(std::ref(body))).has_value()); };
  auto task = [&]() -> Task<void> {
    group.spawn(one(first));
    group.spawn(one(second));
    co_await group.join();
  };
  bench.run(task());
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

TEST_P(Contract, WriteSkewOverKeysIsImpossible) {
  put("doctor1", "on call");
  put("doctor2", "on call");
  Meeting meeting{bench.executor};
  auto leave = [&](std::string self, std::string other) {
    return [&, self, other](Transaction& tx) -> Task<Result<void>> {
      auto state = co_await tx.get(other);
      co_await meeting.meet();
      if (state == "on call") tx.put(self, "at home");
      co_return {};
    };
  };
  run_side_by_side(bench, leave("doctor1", "doctor2"), leave("doctor2", "doctor1"));
  EXPECT_NE(get("doctor1") == "on call", get("doctor2") == "on call");
}

TEST_P(Contract, WriteSkewOverAScannedRangeIsImpossible) {
  Meeting meeting{bench.executor};
  auto book = [&](std::string key) {
    return [&, key](Transaction& tx) -> Task<Result<void>> {
      auto taken = co_await tx.scan(Range::prefix("room/"));
      co_await meeting.meet();
      if (taken.empty()) tx.put("room/" + key, "booked");
      co_return {};
    };
  };
  run_side_by_side(bench, book("9:00"), book("9:30"));
  EXPECT_EQ(scan(Range::prefix("room/")).size(), 1u);
}

TEST_P(Contract, ConcurrentIncrementsAllCount) {
  constexpr int threads = 4, increments = 25;
  auto increment = [](Transaction& tx) -> Task<Result<void>> {
    auto n = co_await tx.get("n");
    tx.put("n", std::to_string(n ? std::stoi(*n) + 1 : 1));
    co_return {};
  };
  bench.on_threads(threads, [&](SimpleExecutor& executor, size_t) {
    for (int i = 0; i < increments; ++i) EXPECT_TRUE(executor.run(store.run(increment)).has_value());
  });
  EXPECT_EQ(get("n"), std::to_string(threads * increments));
}

TEST_P(Contract, WritersOnManyThreadsAllCommit) {
  constexpr size_t threads = 4, writes = 50, together = 8;
  bench.on_threads(threads, [&](SimpleExecutor& executor, size_t thread) {
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

TEST_P(Contract, ATransactionThatAlwaysConflictsGivesUp) {
  int attempts = 0;
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    co_await tx.get("n");
    co_await store.write(putting("n", std::to_string(++attempts)));
    tx.put("m", "1");
    co_return {};
  };
  Result<void> result = bench.run(store.run(body));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "TransactionConflict");
  EXPECT_EQ(result.error().status, 503);
  EXPECT_EQ(attempts, transaction_attempts_max);
}

// --- limits

TEST_P(Contract, TheLargestKeyAndValueAreKept) {
  const std::string key(key_bytes_max, '\xff'), value(value_bytes_max, 'v');
  put(key, value);
  EXPECT_EQ(get(key), value);
  EXPECT_EQ(scan(Range::all()).size(), 1u);
}

TEST_P(Contract, WhatExceedsALimitIsRefused) {
  EXPECT_EQ(bench.run(store.write(putting(std::string(key_bytes_max + 1, 'k'), "v"))).error().code, "StoreLimitExceeded");
  EXPECT_EQ(bench.run(store.write(putting("k", std::string(value_bytes_max + 1, 'v')))).error().code, "StoreLimitExceeded");
  WriteBatch many;
  for (int i = 0; i < 9; ++i) many.put(std::to_string(i), std::string(value_bytes_max, 'v'));
  EXPECT_EQ(bench.run(store.write(many)).error().code, "StoreLimitExceeded");
  EXPECT_TRUE(scan(Range::all()).empty());
}

TEST_P(Contract, ATransactionBeyondALimitIsRefusedAtItsCommit) {
  auto putting_in_transaction = [&](std::string key, std::string value, int times) {
    return bench.run(store.run([&](Transaction& tx) -> Task<Result<void>> {
      for (int i = 0; i < times; ++i) tx.put(key + std::to_string(i), value);
      co_return {};
    }));
  };
  EXPECT_EQ(putting_in_transaction(std::string(key_bytes_max, 'k'), "v", 1).error().code, "StoreLimitExceeded");
  EXPECT_EQ(putting_in_transaction("k", std::string(value_bytes_max + 1, 'v'), 1).error().code, "StoreLimitExceeded");
  EXPECT_EQ(putting_in_transaction("k", std::string(value_bytes_max, 'v'), 20).error().code, "StoreLimitExceeded");
  EXPECT_TRUE(putting_in_transaction("k", std::string(value_bytes_max, 'v'), 7).has_value());
}

// --- failures

TEST_P(Contract, AfterAFailedCommitTheStoreTakesNoMoreWrites) {
  put("a", "1");
  bench.engine->trouble = Trouble::fails_before;
  EXPECT_EQ(bench.run(store.write(putting("a", "2"))).error().code, "CommitUnknown");
  bench.engine->trouble = Trouble::none;
  Result<void> refused = bench.run(store.write(putting("a", "3")));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "StoreFailed");
  EXPECT_NE(refused.error().message.find("no space left on device"), std::string::npos);
  EXPECT_EQ(get("a"), "1");
}

TEST_P(Contract, ACommitWhoseOutcomeIsUnknownFaultsAndIsNotRunAgain) {
  bench.engine->trouble = Trouble::fails_after;
  int attempts = 0;
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    ++attempts;
    co_await tx.get("a");
    tx.put("a", "1");
    co_return {};
  };
  EXPECT_EQ(bench.run(store.run(body)).error().code, "CommitUnknown");
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(get("a"), "1");  // this one did happen
}

TEST_P(Contract, EveryWaiterOfAFailedGroupFaults) {
  bench.engine->trouble = Trouble::fails_before;
  int faults = 0;
  TaskGroup group;
  auto write = [&](int i) -> Task<void> { faults += (co_await store.write(putting(std::to_string(i), "v"))).has_value() ? 0 : 1; };
  auto task = [&]() -> Task<void> {
    for (int i = 0; i < 10; ++i) group.spawn(write(i));
    co_await group.join();
  };
  bench.run(task());
  EXPECT_EQ(faults, 10);
}

TEST_P(Contract, AnEngineThatHasToWaitIsDrivenFromAnotherThread) {
  bench.engine->trouble = Trouble::waits_once;
  put("a", "1");
  put("b", "2");
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), "2");
}

INSTANTIATE_TEST_SUITE_P(Store, Contract, testing::ValuesIn(all_backends()), [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace outcrop::store
