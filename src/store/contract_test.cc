// The contract of store.h, checked on every backend: reads and writes, limits and failures.
#include "store/testing/contract.h"
#include "base/task_group.h"
#include "store/limits.h"

namespace outcrop::store {
namespace {

using Trouble = WatchedEngine::Trouble;
class WritesContract : public Contract {};

// --- without transactions

TEST_P(WritesContract, AWrittenValueIsRead) {
  put("a", "1");
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), std::nullopt);
}

TEST_P(WritesContract, AnEmptyValueIsNotAMissingOne) {
  put("a", "");
  EXPECT_EQ(get("a"), "");
}

TEST_P(WritesContract, KeysAndValuesMayHoldAnyByte) {
  const std::string key("\0\xff\0k", 4), value("\0\xff", 2);
  put(key, value);
  EXPECT_EQ(get(key), value);
  EXPECT_EQ(scan(Range::all()), (Entries{{key, value}}));
}

TEST_P(WritesContract, LaterWritesOfABatchWin) {
  put("b", "old");
  WriteBatch batch;
  batch.put("a", "1");
  batch.put("a", "2");
  batch.put("c", "3");
  batch.erase_range({"b", "d"});
  batch.put("d", "4");
  batch.erase("d");
  batch.put("bb", "5");
  ASSERT_TRUE(test.run(store.write(std::move(batch))).has_value());
  EXPECT_EQ(scan(Range::all()), (Entries{{"a", "2"}, {"bb", "5"}}));
}

TEST_P(WritesContract, ScansGoBothWaysInBytewiseOrder) {
  for (std::string_view key : {"b", "a", "ab", "\xff", "c"}) put(key, key);
  EXPECT_EQ(scan({"a", "c"}), (Entries{{"a", "a"}, {"ab", "ab"}, {"b", "b"}}));
  EXPECT_EQ(scan(Range::all(), {.reverse = true}), (Entries{{"\xff", "\xff"}, {"c", "c"}, {"b", "b"}, {"ab", "ab"}, {"a", "a"}}));
  EXPECT_EQ(scan(Range::prefix("a")), (Entries{{"a", "a"}, {"ab", "ab"}}));
  EXPECT_EQ(scan(Range::prefix("\xff")), (Entries{{"\xff", "\xff"}}));
}

TEST_P(WritesContract, ScansOfNothingAreEmpty) {
  put("b", "1");
  EXPECT_TRUE(scan({"c", "d"}).empty());
  EXPECT_TRUE(scan({"b", "b"}).empty());
  EXPECT_TRUE(scan({"z", "a"}).empty());
  EXPECT_TRUE(scan({"z", "a"}, {.reverse = true}).empty());
}

TEST_P(WritesContract, ScansKeepTheirLimits) {
  for (char c = 'a'; c <= 'e'; ++c) put(std::string(1, c), std::string(9, c));
  EXPECT_EQ(scan(Range::all(), {.entries_max = 2}).size(), 2u);
  EXPECT_EQ(scan(Range::all(), {.bytes_max = 1}).size(), 1u);
  EXPECT_EQ(scan(Range::all(), {.bytes_max = 20}).size(), 2u);
  EXPECT_EQ(scan(Range::all(), {.bytes_max = 21}).size(), 3u);
  EXPECT_EQ(scan(Range::all(), {.entries_max = 1, .reverse = true}), (Entries{{"e", "eeeeeeeee"}}));
}

TEST_P(WritesContract, ReadsThatMissMemoryGoToThePool) {
  put("a", "1");
  test.engine->misses_memory = true;
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(scan(Range::all()), (Entries{{"a", "1"}}));
}

TEST_P(WritesContract, WritesOfOneCallerCommitInOrder) {
  std::vector<std::string> order;
  test.engine->on_apply = [&](const WriteBatch& batch) { order.emplace_back((*batch.operations().begin()).value); };
  TaskGroup group;
  auto write = [&](int i) -> Task<void> { EXPECT_TRUE((co_await store.write(putting("k", std::to_string(i)))).has_value()); };
  auto task = [&]() -> Task<void> {
    for (int i = 0; i < 100; ++i) group.spawn(write(i));
    co_await group.join();
  };
  test.run(task());
  ASSERT_EQ(order.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[size_t(i)], std::to_string(i));
  EXPECT_EQ(get("k"), "99");
}

TEST_P(WritesContract, WritesThatWaitTogetherCommitAsOneGroup) {
  TaskGroup group;
  auto write = [&](int i) -> Task<void> { EXPECT_TRUE((co_await store.write(putting(std::to_string(i), "v"))).has_value()); };
  auto task = [&]() -> Task<void> {
    for (int i = 0; i < 64; ++i) group.spawn(write(i));
    co_await group.join();
  };
  test.run(task());
  EXPECT_EQ(store.stats().commits, 64u);
  EXPECT_EQ(store.stats().groups, 1u);
}

TEST_P(WritesContract, WhatWasWrittenIsThereAfterReopening) {
  if (!test.backend.on_disk) GTEST_SKIP() << "memory ends with the process";
  put("a", "1");
  test.reopen();
  EXPECT_EQ(get("a"), "1");
}

TEST_P(WritesContract, FlushResolvesAndKeepsEverything) {
  put("a", "1");
  EXPECT_TRUE(test.run(store.flush()).has_value());
  EXPECT_EQ(get("a"), "1");
}

TEST_P(WritesContract, NothingIsActiveOnceAllIsAnswered) {
  put("a", "1");
  (void)get("a");
  EXPECT_TRUE(test.run(store.flush()).has_value());
  const SteadyTime patience = test.clock.steady() + Seconds(20);
  while (!test.activity.idle() && test.clock.steady() < patience) std::this_thread::yield();
  EXPECT_TRUE(test.activity.idle());
}

// --- limits

TEST_P(WritesContract, TheLargestKeyAndValueAreKept) {
  const std::string key(key_bytes_max, '\xff'), value(value_bytes_max, 'v');
  put(key, value);
  EXPECT_EQ(get(key), value);
  EXPECT_EQ(scan(Range::all()).size(), 1u);
}

TEST_P(WritesContract, WhatExceedsALimitIsRefused) {
  EXPECT_EQ(test.run(store.write(putting(std::string(key_bytes_max + 1, 'k'), "v"))).error().code, "StoreLimitExceeded");
  EXPECT_EQ(test.run(store.write(putting("k", std::string(value_bytes_max + 1, 'v')))).error().code, "StoreLimitExceeded");
  WriteBatch many;
  for (int i = 0; i < 9; ++i) many.put(std::to_string(i), std::string(value_bytes_max, 'v'));
  EXPECT_EQ(test.run(store.write(many)).error().code, "StoreLimitExceeded");
  EXPECT_TRUE(scan(Range::all()).empty());
}

TEST_P(WritesContract, ATransactionBeyondALimitIsRefusedAtItsCommit) {
  auto putting_in_transaction = [&](std::string key, std::string value, int times) {
    return test.run(store.run([&](Transaction& tx) -> Task<Result<void>> {
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

TEST_P(WritesContract, AfterAFailedCommitTheStoreTakesNoMoreWrites) {
  put("a", "1");
  test.engine->trouble = Trouble::fails_before;
  EXPECT_EQ(test.run(store.write(putting("a", "2"))).error().code, "CommitUnknown");
  test.engine->trouble = Trouble::none;
  Result<void> refused = test.run(store.write(putting("a", "3")));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "StoreFailed");
  EXPECT_NE(refused.error().message.find("no space left on device"), std::string::npos);
  EXPECT_EQ(get("a"), "1");
}

TEST_P(WritesContract, ACommitWhoseOutcomeIsUnknownFaultsAndIsNotRunAgain) {
  test.engine->trouble = Trouble::fails_after;
  int attempts = 0;
  auto body = [&](Transaction& tx) -> Task<Result<void>> {
    ++attempts;
    co_await tx.get("a");
    tx.put("a", "1");
    co_return {};
  };
  EXPECT_EQ(test.run(store.run(body)).error().code, "CommitUnknown");
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(get("a"), "1");  // this one did happen
}

TEST_P(WritesContract, EveryWaiterOfAFailedGroupFaults) {
  test.engine->trouble = Trouble::fails_before;
  int faults = 0;
  TaskGroup group;
  auto write = [&](int i) -> Task<void> { faults += (co_await store.write(putting(std::to_string(i), "v"))).has_value() ? 0 : 1; };
  auto task = [&]() -> Task<void> {
    for (int i = 0; i < 10; ++i) group.spawn(write(i));
    co_await group.join();
  };
  test.run(task());
  EXPECT_EQ(faults, 10);
}

TEST_P(WritesContract, AnEngineThatHasToWaitIsDrivenFromAnotherThread) {
  test.engine->trouble = Trouble::waits_once;
  put("a", "1");
  put("b", "2");
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), "2");
}

INSTANTIATE_TEST_SUITE_P(Store, WritesContract, testing::ValuesIn(all_backends()), [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace outcrop::store
