#include "core/timers.h"

#include <gtest/gtest.h>

#include "core/testing/test_world.h"

namespace outcrop {
namespace {

using namespace std::chrono_literals;

// A wall and a steady clock that a test moves.
class SteppedClock final : public Clock {
 public:
  Instant wall() const override { return wall_; }
  Instant real_wall() const override { return wall_; }
  SteadyTime steady() const override { return steady_; }
  void step(Milliseconds by) { wall_ += by, steady_ += by; }
  void set_wall(Instant wall) { wall_ = wall; }

 private:
  Instant wall_ = TestWorld::start;
  SteadyTime steady_{1000h};
};

struct RealWallTimersTest : testing::Test {
  SteppedClock clock;
  SimpleExecutor executor{clock};
  RealWallTimers timers{clock, {&executor}};
  std::vector<int> fired;

  // Runs on the executor's thread.
  void on_executor(Job job) {
    executor.post(std::move(job));
    executor.run_until_idle();
  }
  Timer at(Milliseconds in, int number) {
    Timer timer;
    on_executor([&] { timer = timers.at(clock.wall() + in, [this, number] { fired.push_back(number); }); });
    return timer;
  }
  void step(Milliseconds by) {
    clock.step(by);
    executor.run_until_idle();
  }
};

TEST_F(RealWallTimersTest, FireWhenDueInTheOrderOfTheirInstants) {
  Timer third = at(30ms, 3), first = at(10ms, 1), second = at(20ms, 2);
  step(9ms);
  EXPECT_TRUE(fired.empty());
  step(1ms);
  EXPECT_EQ(fired, std::vector({1}));
  step(100ms);
  EXPECT_EQ(fired, std::vector({1, 2, 3}));
}

TEST_F(RealWallTimersTest, EqualInstantsFireInTheOrderTheyWereSet) {
  Timer a = at(5ms, 1), b = at(5ms, 2), c = at(5ms, 3);
  step(5ms);
  EXPECT_EQ(fired, std::vector({1, 2, 3}));
}

TEST_F(RealWallTimersTest, ADestroyedHandleCancels) {
  Timer kept = at(10ms, 1), cancelled = at(10ms, 2);
  cancelled.reset();
  step(10ms);
  EXPECT_EQ(fired, std::vector({1}));
}

TEST_F(RealWallTimersTest, TheClockBeingSetForwardIsNoticedWithinHalfAMinute) {
  Timer timer = at(24h, 1);
  clock.set_wall(clock.wall() + 25h);
  step(30s);
  EXPECT_EQ(fired, std::vector({1}));
}

TEST_F(RealWallTimersTest, TheClockBeingSetBackDelaysWhatIsNotDueYet) {
  Timer timer = at(10s, 1);
  clock.set_wall(clock.wall() - 1h);
  step(10s);
  EXPECT_TRUE(fired.empty());
  step(1h);
  EXPECT_EQ(fired, std::vector({1}));
}

TEST_F(RealWallTimersTest, AJobMaySetAndCancelOtherTimers) {
  Timer victim = at(10ms, 2), chained;
  Timer first;
  on_executor([&] {
    first = timers.at(clock.wall() + 10ms - 1ms, [&] {
      victim.reset();
      chained = timers.at(clock.wall(), [&] { fired.push_back(7); });
    });
  });
  step(50ms);
  EXPECT_EQ(fired, std::vector({7}));
}

TEST_F(RealWallTimersTest, UntilReturnsWhenAStopIsRequested) {
  std::stop_source stop;
  auto wait = [&]() -> Task<bool> {
    co_await timers.until(clock.wall() + 1h, stop.get_token());
    co_return stop.stop_requested();
  };
  executor.post([&] { executor.post([&] { stop.request_stop(); }); });
  EXPECT_TRUE(executor.run(wait()));
}

}  // namespace
}  // namespace outcrop
