#include "net/body_budget.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"
#include "base/task_group.h"
#include "net/harness_test.h"

namespace outcrop::net {
namespace {

constexpr Milliseconds patient{60'000};

class BodyBudgetTest : public testing::Test {
 protected:
  // Starts to wait for `bytes` and notes the outcome under `name`.
  void ask(BodyBudget::Reservation& reservation, size_t bytes, std::string name, Milliseconds patience = patient) {
    executor_.post([this, &reservation, bytes, name = std::move(name), patience]() mutable {
      tasks_.spawn(hold(reservation, bytes, std::move(name), patience));
    });
    executor_.run_until_idle();
  }
  void wait_for_outcomes(size_t count) {
    executor_.run_until([&] { return outcomes_.size() >= count; });
  }
  void settle() { executor_.run_until_idle(); }

  Task<void> hold(BodyBudget::Reservation& reservation, size_t bytes, std::string name, Milliseconds patience) {
    Result<void> held = co_await reservation.hold(bytes, patience, stop_.get_token());
    outcomes_.push_back(held ? name : name + " " + held.error().code);
  }

  SimpleExecutor executor_{test_clock};
  TaskGroup tasks_;
  std::stop_source stop_;
  std::vector<std::string> outcomes_;
  BodyBudget budget_{test_clock, 100};
};

TEST_F(BodyBudgetTest, WhatFitsIsHeldAtOnceAndGivenBack) {
  {
    BodyBudget::Reservation body(budget_);
    EXPECT_TRUE(body.try_hold(60));
    EXPECT_TRUE(body.try_hold(100));
    EXPECT_TRUE(body.try_hold(10));  // it holds more already
    EXPECT_EQ(budget_.bytes_held(), 100u);
  }
  EXPECT_EQ(budget_.bytes_held(), 0u);
}

TEST_F(BodyBudgetTest, TheFirstToWaitIsTheFirstToBeAdmitted) {
  BodyBudget::Reservation first(budget_), second(budget_), third(budget_);
  ASSERT_TRUE(first.try_hold(80));
  ask(second, 90, "second");
  ask(third, 10, "third");  // would fit, but comes after the second
  EXPECT_EQ(budget_.waiting(), 2u);
  EXPECT_TRUE(outcomes_.empty());
  first.release();
  settle();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"second", "third"}));
}

TEST_F(BodyBudgetTest, ABodyAboveTheWholeBudgetIsAdmittedAlone) {
  BodyBudget::Reservation small(budget_), huge(budget_);
  ASSERT_TRUE(small.try_hold(1));
  ask(huge, 1000, "huge");
  EXPECT_TRUE(outcomes_.empty());
  small.release();
  settle();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"huge"}));
  EXPECT_FALSE(small.try_hold(1));
}

TEST_F(BodyBudgetTest, BodiesThatAllWaitToGrowDoNotWaitForEachOther) {
  BodyBudget::Reservation one(budget_), other(budget_);
  ASSERT_TRUE(one.try_hold(50));
  ASSERT_TRUE(other.try_hold(50));
  ask(one, 80, "one");
  EXPECT_TRUE(outcomes_.empty());
  ask(other, 80, "other");
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"one"}));  // the oldest goes over the budget
  one.release();
  settle();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"one", "other"}));
}

TEST_F(BodyBudgetTest, ABodyThatGrowsGoesBeforeThoseThatHoldNothing) {
  BodyBudget::Reservation holder(budget_), growing(budget_), newcomer(budget_);
  ASSERT_TRUE(holder.try_hold(50));
  ASSERT_TRUE(growing.try_hold(50));
  ask(newcomer, 40, "newcomer");
  ask(growing, 90, "growing");
  holder.release();
  settle();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"growing"}));
  growing.release();
  settle();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"growing", "newcomer"}));
}

TEST_F(BodyBudgetTest, PatienceEndsWithServiceUnavailableAndLetsOthersThrough) {
  BodyBudget::Reservation first(budget_), second(budget_), third(budget_);
  ASSERT_TRUE(first.try_hold(50));
  ask(second, 90, "second", Milliseconds(20));
  ask(third, 50, "third");
  wait_for_outcomes(2);
  std::ranges::sort(outcomes_);
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"second ServiceUnavailable", "third"}));
  EXPECT_EQ(second.bytes(), 0u);
}

TEST_F(BodyBudgetTest, AStopRequestEndsTheWait) {
  BodyBudget::Reservation first(budget_), second(budget_);
  ASSERT_TRUE(first.try_hold(100));
  ask(second, 1, "second");
  stop_.request_stop();
  settle();
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"second ConnectionClosed"}));
  EXPECT_EQ(budget_.waiting(), 0u);
}

}  // namespace
}  // namespace outcrop::net
