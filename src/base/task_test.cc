#include "base/task.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "base/task_group.h"
#include "base/thread_pool.h"

namespace outcrop {
namespace {

RealClock real_clock;

Task<Result<int>> number(int n) { co_return n; }
Task<Result<int>> refusal() { co_return fail("NoSuchThing", 404, "there is no such thing"); }

TEST(Task, AwaitingATaskOfAResultGivesItsValue) {
  SimpleExecutor executor(real_clock);
  auto sum = []() -> Task<Result<int>> { co_return co_await number(2) + co_await number(3); };
  EXPECT_EQ(executor.run(sum()).value(), 5);
}

TEST(Task, AFaultEndsEveryTaskThatWantedTheValue) {
  SimpleExecutor executor(real_clock);
  int reached = 0;
  auto inner = [&]() -> Task<Result<int>> {
    int value = co_await refusal();
    ++reached;
    co_return value;
  };
  auto outer = [&]() -> Task<Result<void>> {
    co_await inner();
    ++reached;
    co_return {};
  };
  Result<void> result = executor.run(outer());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, "NoSuchThing");
  EXPECT_EQ(reached, 0);
}

TEST(Task, AwaitingAPlainResultUnwrapsToo) {
  SimpleExecutor executor(real_clock);
  auto task = []() -> Task<Result<std::string>> {
    co_await Result<void>();
    std::string text = co_await Result<std::string>("kept");
    co_await Result<void>(fail("Ended", 400, text));
    co_return "unreachable";
  };
  EXPECT_EQ(executor.run(task()).error().message, "kept");
}

TEST(Task, KeepGivesTheResultItself) {
  SimpleExecutor executor(real_clock);
  auto task = []() -> Task<Result<int>> {
    Result<int> kept = co_await keep(refusal());
    co_return kept ? 1 : 2;
  };
  EXPECT_EQ(executor.run(task()).value(), 2);
}

TEST(Task, ATaskWithoutResultSeesTheResult) {
  SimpleExecutor executor(real_clock);
  auto task = []() -> Task<int> {
    Result<int> result = co_await refusal();
    co_return result ? 1 : result.error().status;
  };
  EXPECT_EQ(executor.run(task()), 404);
}

TEST(Task, LocalsAreDestroyedWhenAFaultEndsTheTask) {
  SimpleExecutor executor(real_clock);
  auto held = std::make_shared<int>(1);
  auto task = [](std::shared_ptr<int> local) -> Task<Result<int>> { co_return co_await refusal() + *local; };
  EXPECT_FALSE(executor.run(task(held)).has_value());
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Task, AnExceptionReachesTheAwaiter) {
  SimpleExecutor executor(real_clock);
  auto thrower = []() -> Task<Result<int>> {
    throw std::runtime_error("broken");
    co_return 1;
  };
  auto task = [&]() -> Task<int> {
    try {
      (void)co_await thrower();
    } catch (const std::runtime_error&) {
      co_return 7;
    }
    co_return 0;
  };
  EXPECT_EQ(executor.run(task()), 7);
}

TEST(Task, AMillionAwaitsDoNotGrowTheStack) {
  SimpleExecutor executor(real_clock);
  auto task = []() -> Task<Result<int64_t>> {
    int64_t sum = 0;
    for (int i = 0; i < 1'000'000; ++i) sum += co_await number(1);
    co_return sum;
  };
  EXPECT_EQ(executor.run(task()).value(), 1'000'000);
}

TEST(ThreadPool, RunsElsewhereAndResumesAtHome) {
  SimpleExecutor executor(real_clock);
  ThreadPool pool(2);
  auto home = std::this_thread::get_id();
  auto task = [&]() -> Task<bool> {
    auto there = co_await pool.run([] { return std::this_thread::get_id(); });
    co_return there != home&& std::this_thread::get_id() == home;
  };
  EXPECT_TRUE(executor.run(task()));
}

TEST(TaskGroup, JoinWaitsForEveryTask) {
  SimpleExecutor executor(real_clock);
  ThreadPool pool(2);
  TaskGroup group;
  std::atomic<int> ended = 0;
  auto work = [&]() -> Task<void> { co_await pool.run([&] { return ++ended; }); };
  auto task = [&]() -> Task<int> {
    for (int i = 0; i < 20; ++i) group.spawn(work());
    co_await group.join();
    co_return ended.load();
  };
  EXPECT_EQ(executor.run(task()), 20);
}

TEST(Completion, TheFirstSetCounts) {
  SimpleExecutor executor(real_clock);
  Completion<int> completion(executor);
  auto setter = completion.setter();
  auto task = [&]() -> Task<int> { co_return co_await completion; };
  executor.post([&] {
    EXPECT_TRUE(setter.set(1));
    EXPECT_FALSE(setter.set(2));
  });
  EXPECT_EQ(executor.run(task()), 1);
}

}  // namespace
}  // namespace outcrop
