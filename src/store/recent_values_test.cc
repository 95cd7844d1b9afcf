// What transactions wrote last: whom it counts for, and what is kept.
#include "store/recent_values.h"

#include <fmt/format.h>

#include "store/testing/test_store.h"

namespace outcrop::store {
namespace {

struct RecentValuesTest : testing::Test {
  RecentValues recent{1 << 20};
  const std::optional<std::string> unknown;

  // A transaction of the group `sequence` that reads `key` and then puts it.
  void update(const std::string& key, std::string_view value, Sequence sequence) {
    WriteBatch batch;
    batch.put(key, value);
    const ReadSet reads{.keys = {key}};
    recent.note({.writes = &batch, .reads = &reads}, sequence);
  }
  void write(const WriteBatch& batch, Sequence sequence) { recent.note({.writes = &batch}, sequence); }
};

TEST_F(RecentValuesTest, AValueCountsForWhomTheSnapshotHoldsIt) {
  update("a", "one", 5);
  EXPECT_EQ(recent.find("a", 4), unknown);
  EXPECT_EQ(recent.find("a", 5), "one");
  update("a", "two", 7);
  EXPECT_EQ(recent.find("a", 6), unknown);
  EXPECT_EQ(recent.find("a", 7), "two");
  EXPECT_EQ(recent.find("b", 7), unknown);
}

TEST_F(RecentValuesTest, ABlindWriteChangesWhatIsHereAndTakesNothingIn) {
  update("a", "one", 1);
  WriteBatch batch;
  batch.put("a", "two");
  batch.put("b", "two");
  write(batch, 2);
  EXPECT_EQ(recent.find("a", 1), unknown);
  EXPECT_EQ(recent.find("a", 2), "two");
  EXPECT_EQ(recent.find("b", 2), unknown);
}

TEST_F(RecentValuesTest, WhatIsErasedIsNotKnown) {
  update("a", "one", 1);
  update("b", "one", 1);
  WriteBatch erase, erase_range;
  erase.erase("a");
  write(erase, 2);
  EXPECT_EQ(recent.find("a", 9), unknown);
  EXPECT_EQ(recent.find("b", 9), "one");
  erase_range.erase_range({"a", "z"});
  write(erase_range, 3);
  EXPECT_EQ(recent.find("b", 9), unknown);
  EXPECT_EQ(recent.bytes(), 0u);
}

TEST_F(RecentValuesTest, TheLastOperationOfABatchCounts) {
  WriteBatch batch;
  batch.put("a", "one");
  batch.erase("a");
  batch.put("a", "two");
  const ReadSet reads{.keys = {"a"}};
  recent.note({.writes = &batch, .reads = &reads}, 1);
  EXPECT_EQ(recent.find("a", 1), "two");
}

TEST_F(RecentValuesTest, AValueTooLargeToKeepIsNotFoundWithItsOldText) {
  update("a", "one", 1);
  update("a", std::string(1 << 20, 'x'), 2);
  EXPECT_EQ(recent.find("a", 2), unknown);
  EXPECT_EQ(recent.bytes(), 0u);
}

TEST_F(RecentValuesTest, ItStaysSmallAndKeepsWhatIsLookedFor) {
  const std::string value(1'000, 'x');
  update("wanted", value, 1);
  for (int i = 0; i < 20'000; ++i) {
    update(fmt::format("key {}", i), value, 1);
    ASSERT_LE(recent.bytes(), size_t(1) << 20);
    if (i % 10 == 0) ASSERT_EQ(recent.find("wanted", 1), value) << i;
  }
  EXPECT_EQ(recent.find("key 0", 1), unknown);
  EXPECT_EQ(recent.find("key 19999", 1), value);
  EXPECT_GT(recent.bytes(), size_t(1) << 19);
}

TEST_F(RecentValuesTest, OneOfNoSizeKeepsNothing) {
  RecentValues none(0);
  WriteBatch batch;
  batch.put("a", "one");
  const ReadSet reads{.keys = {"a"}};
  none.note({.writes = &batch, .reads = &reads}, 1);
  EXPECT_EQ(none.find("a", 1), unknown);
}

// Through the store, where the engine tells whether it was asked.
struct RecentReads : testing::TestWithParam<Backend> {
  TestStore test{GetParam()};

  void update(const std::string& value) {
    ASSERT_TRUE(test.run(test.store->run([&](Transaction& tx) -> Task<Result<void>> {
      co_await tx.get("a");
      tx.put("a", value);
      co_return {};
    })));
  }
  std::optional<std::string> read() {
    return test.run(test.store->run([](Transaction& tx) -> Task<Result<std::optional<std::string>>> { co_return co_await tx.get("a"); }))
        .value();
  }
};

TEST_P(RecentReads, WhatATransactionWroteLastIsReadWithoutTheEngine) {
  update("one");
  const size_t gets = test.engine->gets;
  EXPECT_EQ(read(), "one");
  update("two");
  EXPECT_EQ(read(), "two");
  EXPECT_EQ(test.run(test.store->get("a")).value(), "two");
  EXPECT_EQ(test.engine->gets, gets);
  ASSERT_TRUE(test.run(test.store->trim()));
  EXPECT_EQ(read(), "two");
  EXPECT_EQ(test.engine->gets, gets + 1);
}

TEST_P(RecentReads, ATransactionUnderWayReadsItsOwnStateAndNotALaterOne) {
  update("one");
  std::vector<std::optional<std::string>> seen;
  ASSERT_TRUE(test.run(test.store->run([&](Transaction& tx) -> Task<Result<void>> {
    WriteBatch batch;
    batch.put("a", "two");
    co_await test.store->write(std::move(batch));
    seen.push_back(co_await tx.get("a"));
    co_return {};
  })));
  EXPECT_EQ(seen, (std::vector<std::optional<std::string>>{"one"}));
  EXPECT_EQ(read(), "two");
}

// Between the engine's having a group and the validator's counting it: a snapshot holds what no transaction may find here yet.
TEST_P(RecentReads, AGroupThatIsBeingAppliedIsReadWholeOrNotAtAll) {
  WriteBatch both;
  both.put("a", "one");
  both.put("b", "one");
  ASSERT_TRUE(test.run(test.store->write(both)));
  update("one");  // "a" is kept now, "b" is not
  std::vector<std::optional<std::string>> seen;
  test.engine->on_apply = [&](const WriteBatch&) {
    test.on_threads(1, [&](SimpleExecutor& executor, size_t) {
      ASSERT_TRUE(executor.run(test.store->run([&](Transaction& tx) -> Task<Result<void>> {
        seen.push_back(co_await tx.get("a"));
        seen.push_back(co_await tx.get("b"));
        co_return {};
      })));
    });
  };
  both.clear();
  both.put("a", "two");
  both.put("b", "two");
  ASSERT_TRUE(test.run(test.store->write(both)));
  test.engine->on_apply = nullptr;
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0], seen[1]);
}

TEST_P(RecentReads, WhatWasNeverAppliedIsNeverRead) {
  update("one");
  test.engine->trouble = WatchedEngine::Trouble::fails_before;
  WriteBatch batch;
  batch.put("a", "two");
  EXPECT_FALSE(test.run(test.store->write(std::move(batch))));
  EXPECT_EQ(read(), "one");
  EXPECT_EQ(test.run(test.store->get("a")).value(), "one");
}

INSTANTIATE_TEST_SUITE_P(Store, RecentReads, testing::ValuesIn(all_backends()), [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace outcrop::store
