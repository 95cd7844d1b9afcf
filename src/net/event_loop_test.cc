#include "net/event_loop.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "net/harness_test.h"

namespace outcrop::net {
namespace {

Task<void> visit(EventLoop& loop, Task<void> (*body)(EventLoop&)) {
  Executor& home = *Executor::current();
  co_await loop.enter();
  co_await body(loop);
  co_await home.enter();
}

// Runs `body` on a loop with a thread of its own and waits for its end.
void on_a_loop(Task<void> (*body)(EventLoop&)) {
  SimpleExecutor waiting(test_clock);  // outlives the loop, which posts to it
  Loops loops(test_clock, 1);
  loops.start();
  waiting.run(visit(loops.at(0), body));
}

TEST(EventLoop, JobsRunInTheOrderOfPosting) {
  std::vector<int> order;
  EventLoop loop(test_clock);
  loop.post([&] {
    order.push_back(1);
    loop.post([&] { order.push_back(3); });
  });
  loop.post([&] { order.push_back(2); });
  loop.post([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(EventLoop, JobsFromOtherThreadsAllRunOnTheLoopsThread) {
  Loops loops(test_clock, 1);
  loops.start();
  std::atomic<int> wrong = 0;
  int ran = 0;  // touched by the loop's thread only
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        loops.at(0).post([&] {
          ++ran;
          if (!loops.at(0).is_current()) ++wrong;
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  loops.stop();
  loops.join();
  EXPECT_EQ(ran, 4000);
  EXPECT_EQ(wrong, 0);
}

TEST(EventLoop, ActivityIsIdleOnlyWhenNoJobIsLeft) {
  Activity activity;
  EventLoop loop(test_clock, &activity);
  bool was_idle_inside = true;
  loop.post([&] { was_idle_inside = activity.idle(); });
  EXPECT_FALSE(activity.idle());
  loop.post([&] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(was_idle_inside);
}

Task<void> wait_until(EventLoop& loop, SteadyTime due) {
  Completion<bool> done(loop);
  Timer timer = loop.start_timer(due, [setter = done.setter()] { setter.set(true); });
  co_await done;
}

Task<void> measure_timer(EventLoop& loop) {
  SteadyTime due = test_clock.steady() + Milliseconds(30);
  co_await wait_until(loop, due);
  EXPECT_GE(test_clock.steady(), due);
}

TEST(EventLoop, ATimerIsNotEarly) { on_a_loop(measure_timer); }

Task<void> shorten(EventLoop& loop) {
  SteadyTime now = test_clock.steady();
  Timer late = loop.start_timer(now + std::chrono::hours(1), [] { ADD_FAILURE() << "an hour has passed"; });
  co_await wait_until(loop, now + Milliseconds(10));
  EXPECT_LT(test_clock.steady(), now + Seconds(30));
}

TEST(EventLoop, AnEarlierTimerMovesTheAlarmForward) { on_a_loop(shorten); }

Task<void> cancel_one(EventLoop& loop) {
  SteadyTime now = test_clock.steady();
  bool fired = false;
  Timer timer = loop.start_timer(now + Milliseconds(5), [&] { fired = true; });
  timer.reset();
  co_await wait_until(loop, now + Milliseconds(20));
  EXPECT_FALSE(fired);
}

TEST(EventLoop, ADestroyedTimerDoesNotFire) { on_a_loop(cancel_one); }

Task<void> destroy_itself(EventLoop& loop) {
  Completion<bool> done(loop);
  Timer timer;
  timer = loop.start_timer(test_clock.steady(), [&timer, setter = done.setter()] {
    timer.reset();
    setter.set(true);
  });
  EXPECT_TRUE(co_await done);
}

TEST(EventLoop, ATimersJobMayDestroyItsTimer) { on_a_loop(destroy_itself); }

}  // namespace
}  // namespace outcrop::net
