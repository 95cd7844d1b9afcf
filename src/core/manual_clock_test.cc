#include "core/manual_clock.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/task_group.h"
#include "core/testing/test_world.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;

struct ManualClockTest : testing::Test {
  TestWorld test;
  TaskGroup tasks;
  std::vector<Instant> fired;
  ~ManualClockTest() override {
    tasks.request_stop();
    test.run(tasks.join());
  }

  Task<void> note_at(Instant due) {
    co_await test.clock.until(due, tasks.stop_token());
    if (!tasks.stop_token().stop_requested()) fired.push_back(test.clock.wall());
  }
};

TEST_F(ManualClockTest, StandsStillUntilItIsAdvanced) {
  EXPECT_EQ(test.clock.wall(), TestWorld::start);
  test.advance(1500ms);
  EXPECT_EQ(test.clock.wall(), TestWorld::start + 1500ms);
}

TEST_F(ManualClockTest, FiresEachTimerAtItsExactInstantInOrder) {
  for (auto delay : {3h, 1h, 2h, 5h}) tasks.spawn_on(test.executor, note_at(TestWorld::start + delay));
  EXPECT_EQ(test.advance(4h), 3u);
  EXPECT_EQ(fired, std::vector({TestWorld::start + 1h, TestWorld::start + 2h, TestWorld::start + 3h}));
  EXPECT_EQ(test.clock.wall(), TestWorld::start + 4h);
}

TEST_F(ManualClockTest, ThirtyDaysOfTimersThatSetTimersPassInOneAdvance) {
  auto chain = [&]() -> Task<void> {
    for (int hour = 0; hour < 30 * 24; ++hour) co_await note_at(test.clock.wall() + 1h);
  };
  tasks.spawn_on(test.executor, chain());
  const SteadyTime begun = test.clock.steady();
  test.advance(30 * 24h);
  ASSERT_EQ(fired.size(), 720u);
  EXPECT_EQ(fired.back(), TestWorld::start + 30 * 24h);
  EXPECT_LT(test.clock.steady() - begun, 5s);
}

TEST_F(ManualClockTest, WaitsBetweenTimersForWorkOnThePool) {
  std::vector<std::string> order;
  auto first = [&]() -> Task<void> {
    co_await test.clock.until(TestWorld::start + 1s);
    for (int i = 0; i < 20; ++i) co_await test.pool.run([] { return 1; });
    order.push_back("first ends at " + iso8601(test.clock.wall()));
  };
  auto second = [&]() -> Task<void> {
    co_await test.clock.until(TestWorld::start + 2s);
    order.push_back("second");
  };
  tasks.spawn_on(test.executor, second());
  tasks.spawn_on(test.executor, first());
  test.advance(10s);
  EXPECT_EQ(order, std::vector<std::string>({"first ends at " + iso8601(TestWorld::start + 1s), "second"}));
}

TEST_F(ManualClockTest, ATimerInThePastFiresWithoutAnAdvance) {
  test.run(test.clock.until(TestWorld::start - 1s));
  test.run(test.clock.until(TestWorld::start));
}

TEST_F(ManualClockTest, CancelledTimersDoNotFire) {
  int count = 0;
  Timer kept, cancelled;
  test.executor.post([&] {
    kept = test.clock.at(TestWorld::start + 1s, [&] { ++count; });
    cancelled = test.clock.at(TestWorld::start + 1s, [&] { count += 100; });
    cancelled.reset();
  });
  EXPECT_EQ(test.advance(2s), 1u);
  EXPECT_EQ(count, 1);
}

TEST_F(ManualClockTest, RefusesToRunBackwards) {
  test.advance(1h);
  Result<uint64_t> refused = test.run(test.clock.set(TestWorld::start));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ValidationException");
  EXPECT_EQ(test.clock.wall(), TestWorld::start + 1h);
  EXPECT_FALSE(test.run(test.clock.advance(-1ms)).has_value());
  EXPECT_FALSE(test.run(test.clock.advance(Milliseconds::max())).has_value());
}

TEST_F(ManualClockTest, ASecondAdvanceAtTheSameTimeIsRefused) {
  Result<uint64_t> inner = 0;
  auto nested = [&]() -> Task<void> {
    co_await test.clock.until(TestWorld::start + 1s);
    inner = co_await test.clock.advance(1s);
  };
  tasks.spawn_on(test.executor, nested());
  test.advance(5s);
  ASSERT_FALSE(inner.has_value());
  EXPECT_EQ(inner.error().code, "ConflictException");
}

TEST_F(ManualClockTest, ARestartGoesOnFromTheStoredInstant) {
  ASSERT_TRUE(test.run(test.clock.restore(test.store)).has_value());
  test.advance(36h);
  ManualClock restarted(test.activity, TestWorld::start);
  ASSERT_TRUE(test.run(restarted.restore(test.store)).has_value());
  EXPECT_EQ(restarted.wall(), TestWorld::start + 36h);
}

TEST_F(ManualClockTest, TimersOfSeveralThreadsFireInOneOrder) {
  SimpleExecutor second(test.clock, &test.activity);
  std::atomic<bool> stop = false;
  std::thread thread([&] { second.run_until([&] { return stop.load(); }); });
  std::vector<int> order;  // no lock: the clock lets one finish before the next begins
  auto wait = [&](int number) -> Task<void> {
    co_await test.clock.until(TestWorld::start + number * 1s);
    order.push_back(number);
  };
  for (int i = 1; i <= 100; ++i) tasks.spawn_on(i % 2 ? static_cast<Executor&>(second) : test.executor, wait(i));
  test.advance(1h);
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  stop = true;
  second.post([] {});
  thread.join();
}

}  // namespace
}  // namespace outcrop
