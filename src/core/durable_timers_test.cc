#include "core/durable_timers.h"

#include <gtest/gtest.h>

#include "core/limits.h"
#include "core/testing/test_world.h"
#include "store/keys.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;

// Durable timers over a store that outlives them: stop_server() and start_server() are a restart.
struct DurableTimersTest : testing::Test {
  TestWorld test;
  std::unique_ptr<Shards> shards;
  std::unique_ptr<DurableTimers> timers;
  std::vector<std::string> fired;  // "id at +seconds"
  int failures = 0;                // how often the handler fails before it succeeds

  DurableTimersTest() { start_server(); }
  ~DurableTimersTest() override { stop_server(); }

  void start_server() {
    shards = test.run(Shards::open(test.world, 4)).value();
    timers = std::make_unique<DurableTimers>(*shards);
    timers->on("test/note", [this](Shard& shard, const DurableTimer& timer) { return note(shard, timer); });
    ASSERT_TRUE(test.run(timers->start()).has_value());
    test.executor.run_until_idle();
  }
  void stop_server() {
    test.run(timers->stop());
    test.run(shards->close());
    timers.reset();
    shards.reset();
  }

  Task<Result<void>> note(Shard& shard, const DurableTimer& timer) {
    EXPECT_TRUE(shard.executor().is_current());
    if (failures > 0) {
      --failures;
      co_return fail("InternalFailure", 500, "not yet");
    }
    const auto at = std::chrono::duration_cast<Seconds>(test.clock.wall() - TestWorld::start);
    fired.push_back(timer.id + " at +" + std::to_string(at.count()) + (timer.payload.empty() ? "" : " " + timer.payload));
    co_return {};
  }
  template <class F>
  void on_shard(uint32_t index, F work) {
    auto task = [&](Shard& shard) -> Task<Result<void>> {
      work(shard);
      co_return co_await keep(shard.committed());
    };
    ASSERT_TRUE(test.run(Shards::call(shards->at(index), task)).has_value());
  }
  static DurableTimer timer(std::string id, Seconds in, std::string payload = "") {
    return {
        .due = TestWorld::start + in, .kind = "test/note", .account = "000000000000", .id = std::move(id), .payload = std::move(payload)};
  }
  void set(std::string id, Seconds in, std::string payload = "", uint32_t index = 0) {
    on_shard(index, [&](Shard& shard) { timers->set(shard, timer(id, in, payload)); });
  }
  void cancel(std::string id, Seconds in) {
    on_shard(0, [&](Shard& shard) { timers->cancel(shard, TestWorld::start + in, "test/note", "000000000000", id); });
  }
  size_t stored() {
    size_t count = 0;
    for (uint32_t i = 0; i < shards->count(); ++i) {
      count += test.run(test.store.scan(store::Range::prefix(shards->at(i).key_prefix()), {.entries_max = 100'000, .bytes_max = 64 << 20}))
                   ->size();
    }
    return count;
  }
};

TEST_F(DurableTimersTest, FireAtTheirInstantInOrderAndLeaveNothingBehind) {
  set("b", 20s, "payload");
  set("a", 10s);
  set("c", 10s, "", 3);
  EXPECT_EQ(stored(), 3u);
  test.advance(15s);
  EXPECT_EQ(fired, std::vector<std::string>({"a at +10", "c at +10"}));
  test.advance(15s);
  EXPECT_EQ(fired.back(), "b at +20 payload");
  EXPECT_EQ(stored(), 0u);
}

TEST_F(DurableTimersTest, SurviveARestartAndFireAtTheirInstant) {
  set("a", 10s);
  stop_server();
  start_server();
  test.advance(1min);
  EXPECT_EQ(fired, std::vector<std::string>({"a at +10"}));
}

TEST_F(DurableTimersTest, WhatCameDueWhileTheServerWasAwayFiresAtOnce) {
  set("a", 10s);
  set("b", 5s);
  stop_server();
  test.advance(1h);
  start_server();
  EXPECT_EQ(fired, std::vector<std::string>({"b at +3600", "a at +3600"}));
}

TEST_F(DurableTimersTest, ACancelledTimerDoesNotFire) {
  set("a", 10s);
  set("b", 10s);
  cancel("a", 10s);
  test.advance(1min);
  EXPECT_EQ(fired, std::vector<std::string>({"b at +10"}));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(DurableTimersTest, SettingATimerAgainReplacesItsPayload) {
  set("a", 10s, "old");
  set("a", 10s, "new");
  test.advance(1min);
  EXPECT_EQ(fired, std::vector<std::string>({"a at +10 new"}));
}

TEST_F(DurableTimersTest, AFailingHandlerRunsAgainAfterOneThenTwoThenFourSeconds) {
  failures = 3;
  set("a", 10s);
  test.advance(1min);
  EXPECT_EQ(fired, std::vector<std::string>({"a at +17"}));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(DurableTimersTest, ATimerWhoseHandlerNeverSucceededFiresAfterTheRestart) {
  failures = 1;
  set("a", 10s);
  test.advance(10s);
  EXPECT_TRUE(fired.empty());
  stop_server();
  start_server();
  EXPECT_EQ(fired, std::vector<std::string>({"a at +10"}));
}

TEST_F(DurableTimersTest, ATimerThatWasNotStoredNeverFires) {
  test.store.fail_writes(1);
  auto set_unstored = [&](Shard& shard) -> Task<Result<void>> {
    timers->set(shard, timer("lost", 10s));
    co_return co_await keep(shard.committed());
  };
  EXPECT_FALSE(test.run(Shards::call(shards->at(0), set_unstored)).has_value());
  set("kept", 20s);
  test.advance(1min);
  EXPECT_EQ(fired, std::vector<std::string>({"kept at +20"}));
}

TEST_F(DurableTimersTest, MemoryHoldsAWindowAndAllFireInOrder) {
  const int count = int(limits::timer_window_entries) * 5;
  for (int i = 0; i < count; i += 64) {
    on_shard(0, [&](Shard& shard) {
      for (int n = i; n < std::min(count, i + 64); ++n) {
        const int mixed = (n * 7919) % count;  // not in the order of their instants
        timers->set(shard, timer(std::to_string(mixed), Seconds(1 + mixed)));
      }
    });
  }
  test.advance(Seconds(count / 2));
  EXPECT_EQ(fired.size(), size_t(count / 2));
  stop_server();
  start_server();
  test.advance(Seconds(count));
  ASSERT_EQ(fired.size(), size_t(count));
  for (int i = 0; i < count; ++i) ASSERT_EQ(fired[size_t(i)], std::to_string(i) + " at +" + std::to_string(i + 1));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(DurableTimersTest, AHandlerMaySetTheNextOfAChain) {
  int left = 30 * 24;
  stop_server();
  shards = test.run(Shards::open(test.world, 4)).value();
  timers = std::make_unique<DurableTimers>(*shards);
  timers->on("test/chain", [&](Shard& shard, const DurableTimer& fired_timer) -> Task<Result<void>> {
    EXPECT_EQ(test.clock.wall(), fired_timer.due);
    if (--left > 0) timers->set(shard, {.due = fired_timer.due + 1h, .kind = "test/chain", .account = "", .id = "x", .payload = ""});
    co_return {};
  });
  ASSERT_TRUE(test.run(timers->start()).has_value());
  on_shard(0, [&](Shard& shard) {
    timers->set(shard, {.due = TestWorld::start + 1h, .kind = "test/chain", .account = "", .id = "x", .payload = ""});
  });
  test.advance(31 * 24h);
  EXPECT_EQ(left, 0);
}

TEST_F(DurableTimersTest, ATimerThatIsSetAgainWhileItsHandlerRunsFiresAgain) {
  bool first = true;
  stop_server();
  shards = test.run(Shards::open(test.world, 4)).value();
  timers = std::make_unique<DurableTimers>(*shards);
  timers->on("test/note", [&](Shard& shard, const DurableTimer& running) -> Task<Result<void>> {
    fired.push_back(running.payload);
    if (std::exchange(first, false)) timers->set(shard, timer("a", 10s, "again"));
    co_return {};
  });
  ASSERT_TRUE(test.run(timers->start()).has_value());
  set("a", 10s, "once");
  test.advance(1min);
  EXPECT_EQ(fired, std::vector<std::string>({"once", "again"}));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(DurableTimersTest, RandomSetsAndCancelsFireExactlyWhatAModelSays) {
  const uint64_t seed = test_seed();
  std::mt19937_64 random(seed);
  std::map<std::pair<int, std::string>, std::string> model;  // (second, id): payload
  for (int round = 0; round < 3000; ++round) {
    const int second = int(1 + random() % 2000);
    const std::string id = std::to_string(random() % 5);
    if (random() % 4 == 0) {
      cancel(id, Seconds(second));
      model.erase({second, id});
    } else {
      set(id, Seconds(second), "p" + std::to_string(round));
      model[{second, id}] = "p" + std::to_string(round);
    }
    if (round % 1000 == 999) {
      stop_server();
      start_server();
    }
  }
  std::vector<std::string> expected;
  for (auto& [key, payload] : model) expected.push_back(key.second + " at +" + std::to_string(key.first) + " " + payload);
  test.advance(Seconds(2001));
  EXPECT_EQ(fired, expected);
}

}  // namespace
}  // namespace outcrop
