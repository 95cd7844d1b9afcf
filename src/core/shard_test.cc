#include "core/shard.h"

#include <gtest/gtest.h>

#include "core/testing/test_world.h"

namespace outcrop {
namespace {

// A counter that is kept in one record: the smallest service.
struct CounterMemory {
  explicit CounterMemory(Shard& shard) : shard(shard) {}
  Task<Result<void>> load() {
    ++loads;
    std::optional<std::string> stored = co_await shard.world().store.get(shard.key_prefix() + "count");
    count = stored ? std::stoi(*stored) : 0;
    co_return {};
  }
  void close() { closed = true; }

  Shard& shard;
  int count = 0;
  int loads = 0;
  bool closed = false;
};

Task<Result<int>> increment(Shard& shard) {
  auto memory = co_await shard.loaded<CounterMemory>();
  const int count = ++memory->count;
  shard.batch().put(shard.key_prefix() + "count", std::to_string(count));
  co_await shard.committed();
  co_return count;
}

Task<void> increment_and_note(Shard& shard, std::vector<Result<int>>& out) {
  out.push_back(co_await keep(Shards::call(shard, [](Shard& shard) { return increment(shard); })));
}

struct ShardTest : testing::Test {
  TestWorld test;
  std::unique_ptr<Shards> shards = test.run(Shards::open(test.world, 4)).value();
  Shard& shard = shards->at(1);
  TaskGroup tasks;

  ~ShardTest() override {
    test.run(tasks.join());
    test.run(shards->close());
  }
  Result<int> call_increment() {
    return test.run(Shards::call(shard, [](Shard& shard) { return increment(shard); }));
  }
};

TEST_F(ShardTest, AnAnswerLeavesWhenItsBatchIsStored) {
  EXPECT_EQ(call_increment().value(), 1);
  EXPECT_EQ(test.run(test.store.get(shard.key_prefix() + "count")).value(), "1");
}

TEST_F(ShardTest, CommandsOfOneTurnShareOneWrite) {
  const uint64_t before = test.store.writes();
  std::vector<Result<int>> answers;
  for (int i = 0; i < 10; ++i) tasks.spawn_on(test.executor, increment_and_note(shard, answers));
  test.run(tasks.join());
  ASSERT_EQ(answers.size(), 10u);
  EXPECT_EQ(answers.back().value(), 10);
  EXPECT_EQ(test.store.writes() - before, 1u);
}

TEST_F(ShardTest, AReadThatSawAnUnstoredChangeWaitsForIt) {
  bool stored = false;
  auto watch = [&]() -> Task<void> {
    shard.batch().put(shard.key_prefix() + "x", "1");
    co_await test.executor.yield();  // the batch is handed over meanwhile
    co_await shard.committed();
    stored = (co_await test.store.get(shard.key_prefix() + "x")).value().has_value();
  };
  test.run(watch());
  EXPECT_TRUE(stored);
}

TEST_F(ShardTest, CommittedReturnsAtOnceWhenNothingIsUnderWay) {
  const uint64_t before = test.store.writes();
  EXPECT_TRUE(test.run(Shards::call(shard, [](Shard& shard) { return shard.committed(); })).has_value());
  EXPECT_EQ(test.store.writes(), before);
}

TEST_F(ShardTest, AFailedBatchIsAnsweredWithInternalFailureAndMemoryIsBuiltAnew) {
  EXPECT_EQ(call_increment().value(), 1);
  const uint64_t epoch = shard.epoch();
  auto memory = shard.memory<CounterMemory>();
  test.store.fail_writes(1);
  Result<int> failed = call_increment();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "InternalFailure");
  EXPECT_EQ(failed.error().status, 500);
  EXPECT_EQ(shard.epoch(), epoch + 1);
  EXPECT_TRUE(memory->closed);
  EXPECT_EQ(call_increment().value(), 2) << "the failed increment must be forgotten";
}

TEST_F(ShardTest, EveryBatchBehindAFailedOneIsAnsweredAsFailed) {
  std::vector<Result<int>> answers;
  const uint64_t before = test.store.writes();
  test.store.fail_writes(1);
  tasks.spawn_on(test.executor, increment_and_note(shard, answers));
  auto second = [&]() -> Task<void> {
    while (test.store.writes() == before) co_await test.executor.yield();  // the first batch is in flight now, and failing
    co_await increment_and_note(shard, answers);
  };
  tasks.spawn_on(test.executor, second());
  test.run(tasks.join());
  EXPECT_EQ(test.store.writes() - before, 2u);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_FALSE(answers[0].has_value());
  EXPECT_FALSE(answers[1].has_value()) << "it was computed from what the first should have left";
  EXPECT_TRUE(call_increment().has_value());
}

TEST_F(ShardTest, CallsThatComeWhileAShardIsClosedWaitUntilItIsOpen) {
  std::vector<Result<int>> answers;
  test.store.fail_writes(1);
  for (int i = 0; i < 3; ++i) tasks.spawn_on(test.executor, increment_and_note(shard, answers));
  test.run(tasks.join());
  for (auto& answer : answers) EXPECT_FALSE(answer.has_value());
  EXPECT_TRUE(shard.is_open());
  EXPECT_EQ(call_increment().value(), 1);
}

TEST_F(ShardTest, LoadingRunsOnceForAllWhoComeMeanwhile) {
  std::vector<Result<int>> answers;
  for (int i = 0; i < 5; ++i) tasks.spawn_on(test.executor, increment_and_note(shard, answers));
  test.run(tasks.join());
  EXPECT_EQ(shard.memory<CounterMemory>()->loads, 1);
}

TEST_F(ShardTest, ABatchThatGrowsLargeIsHandedOverEarly) {
  const uint64_t before = test.store.writes();
  auto append = [](Shard& shard) -> Task<Result<void>> {
    for (int i = 0; i < 5; ++i) shard.batch().put(shard.key_prefix() + std::to_string(i), std::string(1 << 20, 'x'));
    co_return co_await keep(shard.committed());
  };
  std::vector<Result<void>> results;
  auto one = [&]() -> Task<void> { results.push_back(co_await keep(Shards::call(shard, append))); };
  for (int i = 0; i < 3; ++i) tasks.spawn_on(test.executor, one());
  test.run(tasks.join());
  for (auto& result : results) EXPECT_TRUE(result.has_value());
  EXPECT_EQ(test.store.writes() - before, 3u);
}

TEST_F(ShardTest, RestartingErasesWhileNobodyElseRunsAndForgetsMemory) {
  EXPECT_EQ(call_increment().value(), 1);
  int opened = 0;
  shard.on_open([&](Shard&) { ++opened; });
  auto erase = [](Shard& shard) -> Task<Result<void>> {
    return shard.restart([&shard]() -> Task<Result<void>> {
      EXPECT_FALSE(shard.is_open());
      store::WriteBatch batch;
      batch.erase_range(store::Range::prefix(shard.key_prefix()));
      co_return co_await keep(shard.world().store.write(std::move(batch)));
    });
  };
  std::vector<Result<int>> answers;
  tasks.spawn_on(test.executor, increment_and_note(shard, answers));
  EXPECT_TRUE(test.run(Shards::call(shard, erase)).has_value());
  test.run(tasks.join());
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(call_increment().value(), 1);
}

TEST_F(ShardTest, AnExceptionInACallReachesTheCaller) {
  auto broken = [](Shard&) -> Task<Result<int>> {
    throw std::runtime_error("a bug");
    co_return 0;
  };
  auto caught = [&]() -> Task<std::string> {
    try {
      co_await keep(Shards::call(shard, broken));
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "";
  };
  EXPECT_EQ(test.run(caught()), "a bug");
}

TEST(Shards, AnotherCountThanTheStoredOneIsRefused) {
  TestWorld test;
  ASSERT_TRUE(test.run(Shards::open(test.world, 8)).has_value());
  EXPECT_TRUE(test.run(Shards::open(test.world, 8)).has_value());
  Result<std::unique_ptr<Shards>> refused = test.run(Shards::open(test.world, 16));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "InvalidConfiguration");
}

TEST(Shards, TheHashOfAnEntityNeverChanges) {
  EXPECT_EQ(entity_hash("000000000000", "us-east-1", "sqs", "orders"), 0x846a1ff459eab7b8u);
  EXPECT_EQ(entity_hash("", "", "", ""), 0x4d33a93727192487u);
  EXPECT_NE(entity_hash("1", "2", "", ""), entity_hash("12", "", "", ""));
}

TEST(Shards, EntitiesSpreadEvenly) {
  TestWorld test;
  auto shards = test.run(Shards::open(test.world, 64)).value();
  std::vector<int> entities(64);
  for (int i = 0; i < 64'000; ++i) ++entities[shards->of("000000000000", "us-east-1", "sqs", "queue-" + std::to_string(i)).index()];
  for (int count : entities) EXPECT_NEAR(count, 1000, 200);
}

TEST(Shards, ACallCrossesToTheShardsThreadAndBack) {
  TestWorld test;
  SimpleExecutor second(test.clock, &test.activity);
  test.world.executors.push_back(&second);
  auto shards = test.run(Shards::open(test.world, 2)).value();
  std::atomic<bool> stop = false;
  std::thread thread([&] { second.run_until([&] { return stop.load(); }); });
  auto visit = [&]() -> Task<void> {
    for (int i = 0; i < 100; ++i) {
      Shard& shard = shards->at(uint32_t(i % 2));
      Executor* there = co_await Shards::call(shard, [](Shard&) -> Task<Executor*> { co_return Executor::current(); });
      EXPECT_EQ(there, &shard.executor());
      EXPECT_TRUE(test.executor.is_current());
    }
    co_await shards->close();
  };
  test.run(visit());
  stop = true;
  second.post([] {});
  thread.join();
}

}  // namespace
}  // namespace outcrop
