#include "net/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace outcrop::net {
namespace {

constexpr SteadyTime start_of_time{Seconds(1000)};

struct Counted : TimerWheel::Node {
  Counted() : Node([](Node& node) { ++static_cast<Counted&>(node).fired; }) {}
  int fired = 0;
};

TEST(TimerWheel, ATimerFiresWhenItIsDueAndNotBefore) {
  TimerWheel wheel(start_of_time);
  Counted timer;
  wheel.start(timer, start_of_time + Milliseconds(500));
  wheel.advance(start_of_time + Milliseconds(499));
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(start_of_time + Milliseconds(500));
  EXPECT_EQ(timer.fired, 1);
  EXPECT_EQ(wheel.size(), 0u);
}

TEST(TimerWheel, AFractionOfTheResolutionIsRoundedUp) {
  TimerWheel wheel(start_of_time);
  Counted timer;
  wheel.start(timer, start_of_time + std::chrono::microseconds(2001));
  wheel.advance(start_of_time + Milliseconds(2));
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(start_of_time + Milliseconds(3));
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheel, ATimerOfThePastFiresAtTheNextTick) {
  TimerWheel wheel(start_of_time);
  wheel.advance(start_of_time + Seconds(9));
  Counted timer;
  wheel.start(timer, start_of_time);
  ASSERT_TRUE(wheel.next_wake().has_value());
  wheel.advance(*wheel.next_wake());
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheel, ACancelledTimerIsForgotten) {
  TimerWheel wheel(start_of_time);
  Counted timer;
  wheel.start(timer, start_of_time + Seconds(3));
  timer.cancel();
  EXPECT_EQ(wheel.next_wake(), std::nullopt);
  wheel.advance(start_of_time + Seconds(60));
  EXPECT_EQ(timer.fired, 0);
}

TEST(TimerWheel, DestroyingANodeCancelsIt) {
  TimerWheel wheel(start_of_time);
  {
    Counted timer;
    wheel.start(timer, start_of_time + Seconds(3));
  }
  EXPECT_EQ(wheel.size(), 0u);
  wheel.advance(start_of_time + Seconds(60));
}

TEST(TimerWheel, StartingARunningTimerMovesIt) {
  TimerWheel wheel(start_of_time);
  Counted timer;
  wheel.start(timer, start_of_time + Seconds(1));
  wheel.start(timer, start_of_time + Seconds(5));
  wheel.advance(start_of_time + Seconds(4));
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(start_of_time + Seconds(5));
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerWheel, AnIdleWheelWakesNoOftenerThanItHasLevels) {
  TimerWheel wheel(start_of_time);
  Counted timer;
  wheel.start(timer, start_of_time + std::chrono::hours(24 * 300));
  int wakes = 0;
  while (wheel.next_wake() && wakes < 100) {
    wheel.advance(*wheel.next_wake());
    ++wakes;
  }
  EXPECT_EQ(timer.fired, 1);
  EXPECT_LE(wakes, 6);
}

TEST(TimerWheel, ATimerForTheEndOfTimeIsNeitherLostNorFired) {
  TimerWheel wheel(start_of_time);
  Counted timer;
  wheel.start(timer, SteadyTime::max());
  wheel.advance(start_of_time + std::chrono::hours(24 * 365 * 3));
  EXPECT_EQ(timer.fired, 0);
  EXPECT_TRUE(timer.running());
}

struct Canceller : TimerWheel::Node {
  explicit Canceller(Counted& victim) : Node([](Node& node) { static_cast<Canceller&>(node).victim.cancel(); }), victim(victim) {}
  Counted& victim;
};

TEST(TimerWheel, AFiringTimerMayCancelOneOfTheSameTick) {
  TimerWheel wheel(start_of_time);
  Counted victim;
  Canceller canceller(victim);
  wheel.start(canceller, start_of_time + Milliseconds(70));
  wheel.start(victim, start_of_time + Milliseconds(70));
  wheel.advance(start_of_time + Seconds(1));
  EXPECT_EQ(victim.fired, 0);
  EXPECT_EQ(wheel.size(), 0u);
}

struct Recorded : TimerWheel::Node {
  Recorded() : Node([](Node& node) { static_cast<Recorded&>(node).fired_at = *static_cast<Recorded&>(node).now; }) {}
  const SteadyTime* now = nullptr;
  SteadyTime due, fired_at = SteadyTime::min();
};

// Waking exactly when next_wake says must fire every timer in the tick in which it is due.
TEST(TimerWheel, AgreesWithASortedListOnRandomTimers) {
  unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  SteadyTime now = start_of_time;
  TimerWheel wheel(now);
  std::vector<std::unique_ptr<Recorded>> timers;
  for (int step = 0; step < 20'000; ++step) {
    unsigned what = random() % 10;
    if (what < 6) {
      auto timer = std::make_unique<Recorded>();
      timer->now = &now;
      timer->due = now + Milliseconds(1 + random() % (uint64_t{1} << (random() % 30)));
      wheel.start(*timer, timer->due);
      timers.push_back(std::move(timer));
    } else if (what == 6 && !timers.empty()) {
      std::swap(timers[random() % timers.size()], timers.back());
      timers.pop_back();
    } else if (auto next = wheel.next_wake()) {
      ASSERT_GT(*next, now);
      bool exactly = random() % 4 > 0;
      now = exactly ? *next : now + std::chrono::floor<Milliseconds>((*next - now) / 2);
      wheel.advance(now);
      std::erase_if(timers, [&](auto& timer) {
        bool fired = timer->fired_at != SteadyTime::min();
        EXPECT_EQ(fired, timer->due <= now);
        return fired;
      });
    }
    ASSERT_EQ(wheel.size(), timers.size());
  }
}

}  // namespace
}  // namespace outcrop::net
