// Work that goes on when nobody waits for it any more, and what it holds meanwhile.
#include "gateway/event/timed_work.h"

#include <gtest/gtest.h>

#include "core/testing/test_world.h"

namespace outcrop::gateway {
namespace {

using namespace std::chrono_literals;

TEST(EventBytes, AreGivenOutUpToTheirLimitAndComeBack) {
  BytesInFlight bytes(100);
  {
    auto first = bytes.take(60);
    ASSERT_TRUE(first);
    EXPECT_FALSE(bytes.take(41));
    EXPECT_TRUE(bytes.take(40)) << "a share that is dropped comes back at once";
    EXPECT_EQ(bytes.bytes(), 60u);
    const BytesInFlight::Share moved = std::move(*first);
    EXPECT_EQ(bytes.bytes(), 60u);
  }
  EXPECT_EQ(bytes.bytes(), 0u);
}

struct WorkInTime : testing::Test, TestWorld {
  ~WorkInTime() override { run(timed.close()); }

  Task<Result<int>> answer(int number) { co_return number; }
  Task<Result<int>> answer_when_told(int number) {
    co_await told;
    ++ended;
    co_return number;
  }

  BytesInFlight bytes{100};
  TimedWork timed{clock};
  Completion<bool> told{executor};
  int ended = 0;
};

TEST_F(WorkInTime, GivesWhatItGives) {
  EXPECT_EQ(run(timed.run(1min, *bytes.take(10), answer(7))), 7);
  EXPECT_EQ(bytes.bytes(), 0u);
}

TEST_F(WorkInTime, GoesOnWhenItsTimeIsUp) {
  const Result<int> late = run(timed.run(1ms, *bytes.take(10), answer_when_told(7)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "INTEGRATION_TIMEOUT");
  EXPECT_EQ(ended, 0);
  EXPECT_EQ(bytes.bytes(), 10u) << "and holds its share";
  told.setter().set(true);
  executor.run_until_idle();
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(bytes.bytes(), 0u);
}

}  // namespace
}  // namespace outcrop::gateway
