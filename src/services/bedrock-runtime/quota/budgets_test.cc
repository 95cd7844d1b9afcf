// Budgets of tenants under a clock that stands still: who is a tenant, what its use counts, when its windows begin anew, and what of it
// survives a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/session.h"
#include "base/encoding.h"
#include "services/bedrock-runtime/quota/testing/quota_world.h"
#include "wire/record.h"

namespace outcrop::bedrock_runtime {
namespace {

using ::testing::HasSubstr;

const BudgetConfig tokens_by_header{.name = "teams",
                                    .by = BudgetConfig::By::header,
                                    .key = "X-Team",
                                    .tenants = {},
                                    .models = {},
                                    .limits = {{Unit::tokens, Period::minute, 10'000}, {Unit::tokens, Period::day, 15'000}}};
const BudgetConfig money_by_key{
    .name = "keys", .by = BudgetConfig::By::access_key, .tenants = {}, .models = {}, .limits = {{Unit::usd, Period::month, 1}}};
const PriceConfig sonnet{"anthropic.claude-sonnet-4-*", {.input = 3, .output = 15, .cache_read = 0.3, .cache_write = 3.75}};

class TeamBudgets : public QuotaWorld {
 public:
  TeamBudgets() : QuotaWorld({.budgets = {tokens_by_header}, .prices = {}}) { world.run(quotas.start(world.world)).value(); }
  ~TeamBudgets() override { world.run(quotas.stop()); }

  Result<Quotas::Reservation> reserve_as(std::string team, int64_t tokens) {
    call.extra_headers = {{"x-team", std::move(team)}};
    return reserve({.input_tokens = tokens});
  }
  bool use_as(std::string team, int64_t tokens) {
    auto reservation = reserve_as(std::move(team), tokens);
    if (reservation) settle(*reservation, {.input = tokens});
    return reservation.has_value();
  }
};

TEST_F(TeamBudgets, EachTenantHasItsOwn) {
  EXPECT_TRUE(use_as("red", 10'000));
  auto refused = reserve_as("red", 1'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ThrottlingException");
  EXPECT_EQ(refused.error().status, 429);
  EXPECT_EQ(refused.error().message, "The budget teams of 10000 tokens per minute is used up, please wait before trying again.");
  EXPECT_TRUE(use_as("blue", 10'000));
}

TEST_F(TeamBudgets, WhoDoesNotTellSharesOneBudget) {
  EXPECT_TRUE(settled({.input_tokens = 10'000}, {.input = 10'000}));
  EXPECT_FALSE(reserve({.input_tokens = 1'000}));
}

TEST_F(TeamBudgets, TenantsOfTwoAccountsShareNothing) {
  EXPECT_TRUE(use_as("red", 10'000));
  call.identity.account = "444455556666";
  EXPECT_TRUE(use_as("red", 10'000));
}

TEST_F(TeamBudgets, AllWindowsCountAtOnce) {
  EXPECT_TRUE(use_as("red", 10'000));
  world.advance(Seconds(60));
  EXPECT_TRUE(use_as("red", 5'000));
  auto refused = reserve_as("red", 1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("15000 tokens per day"));
}

TEST_F(TeamBudgets, ADayBeginsAnewAtMidnight) {
  EXPECT_TRUE(use_as("red", 10'000));
  world.advance(Seconds(60));
  EXPECT_TRUE(use_as("red", 5'000));
  world.advance(std::chrono::hours(15));  // it was 08:01 in UTC
  EXPECT_FALSE(use_as("red", 1'000));
  world.advance(std::chrono::hours(1));
  EXPECT_TRUE(use_as("red", 10'000));
}

TEST_F(TeamBudgets, CountWhatWasReadFromTheCacheAndNoBurnDownRate) {
  auto reservation = reserve_as("red", 5'000);
  ASSERT_TRUE(reservation);
  settle(*reservation, {.input = 1'000, .output = 500, .cache_read = 3'000, .cache_write = 1'000});
  for (const QuotaFigure& figure : quotas.figures()) {
    if (figure.budget == "teams" && figure.period == Period::day) {
      EXPECT_EQ(figure.tenant, "red");
      EXPECT_EQ(figure.available, 15'000 - 5'500);
    }
  }
}

TEST_F(TeamBudgets, ARequestThatIsRefusedByItsBudgetTakesNothingOfTheModelsQuota) {
  EXPECT_FALSE(reserve_as("red", 10'001));
  EXPECT_EQ(taken(), 0);
}

TEST_F(TeamBudgets, WaitingForItsOwnBudgetHoldsNobodyElseUp) {
  EXPECT_TRUE(use_as("red", 10'000));
  Asked& red = ask({.input_tokens = 5'000}, {{"x-team", "red"}, {"x-outcrop-max-wait-ms", "60000"}});
  EXPECT_TRUE(red.waits());
  EXPECT_TRUE(use_as("blue", 10'000));
  world.advance(Seconds(30));
  EXPECT_TRUE(red.is_admitted());
}

TEST_F(TeamBudgets, TheUseOfADaySurvivesARestart) {
  EXPECT_TRUE(use_as("red", 9'000));
  world.run(quotas.stop());
  Quotas next(book, world.clock, metrics, {.budgets = {tokens_by_header}, .prices = {}});
  ASSERT_TRUE(world.run(next.start(world.world)));
  call.extra_headers = {{"x-team", "red"}};
  EXPECT_FALSE(world.run(next.reserve(call, target, {.input_tokens = 7'000})));
  EXPECT_TRUE(world.run(next.reserve(call, target, {.input_tokens = 6'000})));
  world.run(next.stop());
}

TEST_F(TeamBudgets, WhatRequestsUnderWayHoldDoesNot) {
  auto held = reserve_as("red", 9'000);
  ASSERT_TRUE(held);
  EXPECT_TRUE(use_as("red", 1'000));
  world.run(quotas.stop());
  Quotas next(book, world.clock, metrics, {.budgets = {tokens_by_header}, .prices = {}});
  ASSERT_TRUE(world.run(next.start(world.world)));
  ASSERT_EQ(next.figures().size(), 2u);
  EXPECT_EQ(next.figures().back().available, 14'000);
  world.run(next.stop());
}

TEST_F(TeamBudgets, AWriteThatFailsIsMadeUpForWithTheNext) {
  world.store.fail_writes(1);
  EXPECT_TRUE(use_as("red", 2'000));
  settle_down();
  EXPECT_TRUE(use_as("blue", 1'000));
  world.run(quotas.stop());
  Quotas next(book, world.clock, metrics, {.budgets = {tokens_by_header}, .prices = {}});
  ASSERT_TRUE(world.run(next.start(world.world)));
  EXPECT_EQ(next.figures().size(), 4u) << "both teams' two windows";
  world.run(next.stop());
}

TEST_F(TeamBudgets, AResetForgetsAnAccountsUse) {
  EXPECT_TRUE(use_as("red", 10'000));
  settle_down();
  ASSERT_TRUE(world.run(quotas.forget("444455556666")));
  EXPECT_FALSE(reserve_as("red", 1'000));
  ASSERT_TRUE(world.run(quotas.forget(call.account())));
  EXPECT_TRUE(use_as("red", 10'000));
}

TEST_F(TeamBudgets, AnswersTellWhatIsLeftOfTheScarcest) {
  auto reservation = reserve_as("red", 4'000);
  ASSERT_TRUE(reservation);
  net::Headers headers;
  settle(*reservation, {.input = 3'000}, &headers);
  EXPECT_EQ(headers.get("x-outcrop-ratelimit-remaining-tokens"), "7000");
  EXPECT_EQ(headers.get("x-outcrop-ratelimit-reset-tokens"), "18");
  EXPECT_EQ(headers.get("x-outcrop-ratelimit-remaining-requests"), "199");
}

TEST_F(TeamBudgets, ATenantsNameIsBounded) {
  auto refused = reserve_as(std::string(257, 'x'), 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ValidationException");
}

class MoneyBudgets : public QuotaWorld {
 public:
  MoneyBudgets() : QuotaWorld({.budgets = {money_by_key}, .prices = {sonnet}}) { call.identity.access_key_id = "AKIAONE"; }

  double left() {
    for (const QuotaFigure& figure : quotas.figures()) {
      if (figure.unit == Unit::usd) return figure.available;
    }
    return -1;
  }
};

TEST_F(MoneyBudgets, AnAnswerCostsByThePriceOfEachKindOfToken) {
  auto reservation = reserve({.input_tokens = 20'000, .output_tokens_max = 10'000});
  ASSERT_TRUE(reservation);
  EXPECT_NEAR(left(), 1 - (0.06 + 0.15), 1e-9) << "all that it may cost is held";
  settle(*reservation, {.input = 10'000, .output = 1'000, .cache_read = 8'000, .cache_write = 2'000});
  EXPECT_NEAR(left(), 1 - (0.03 + 0.015 + 0.0024 + 0.0075), 1e-9);
}

TEST_F(MoneyBudgets, WhatMayCostMoreThanIsLeftIsRefused) {
  auto refused = reserve({.input_tokens = 1'000, .output_tokens_max = 70'000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "The budget keys of 1 USD per month is used up, please wait before trying again.");
}

TEST_F(MoneyBudgets, AModelWithoutAPriceIsRefused) {
  target = *model_target(catalog, call, "amazon.nova-lite-v1:0");
  auto refused = reserve({.input_tokens = 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "AccessDeniedException");
  EXPECT_EQ(refused.error().message, "The budget keys is one of money, and there is no price for the model amazon.nova-lite-v1:0.");
}

TEST_F(MoneyBudgets, AMonthBeginsAnewWithTheNext) {
  ASSERT_TRUE(settled({.input_tokens = 100'000}, {.input = 100'000, .output = 40'000}));
  EXPECT_FALSE(reserve({.input_tokens = 100'000}));
  world.advance(std::chrono::days(16));
  EXPECT_FALSE(reserve({.input_tokens = 100'000})) << "it is the 31st of January";
  world.advance(std::chrono::days(1));
  EXPECT_TRUE(reserve({.input_tokens = 100'000}));
}

TEST_F(MoneyBudgets, ARefusalUntilNextMonthDoesNotMakeSdksSleepThatLong) {
  ASSERT_TRUE(settled({.input_tokens = 100'000}, {.input = 100'000, .output = 40'000}));
  Asked& asked = ask({.input_tokens = 100'000}, {}, "AKIAONE");
  EXPECT_EQ(asked.call.answer_headers.find("retry-after"), nullptr);
  EXPECT_EQ(asked.call.answer_headers.get("x-outcrop-ratelimit-remaining-usd"), "0.1000");
}

TEST_F(MoneyBudgets, ABedrockApiKeyIsKnownByItsName) {
  call.identity = {.account = "111122223333", .key_name = "assistant"};
  ASSERT_TRUE(settled({.input_tokens = 1}, {.input = 1}));
  EXPECT_EQ(quotas.figures().back().tenant, "assistant");
}

class ClaimBudgets : public QuotaWorld {
 public:
  ClaimBudgets()
      : QuotaWorld({.budgets = {{.name = "departments",
                                 .by = BudgetConfig::By::claim,
                                 .key = "department",
                                 .tenants = {"research-*"},
                                 .models = {"anthropic.*"},
                                 .limits = {{Unit::requests, Period::day, 1}}}},
                    .prices = {}}) {}

  void sign_in(std::string department) {
    auto session = std::make_shared<auth::Session>();
    session->tags = {{"department", std::move(department)}};
    call.identity.session = session;
  }
};

TEST_F(ClaimBudgets, ATagOfTheSessionTellsTheTenant) {
  sign_in("research-physics");
  EXPECT_TRUE(reserve({}));
  EXPECT_FALSE(reserve({}));
  sign_in("research-biology");
  EXPECT_TRUE(reserve({}));
}

TEST_F(ClaimBudgets, HoldOnlyForTheTenantsAndModelsTheyName) {
  sign_in("sales");
  EXPECT_TRUE(reserve({}));
  EXPECT_TRUE(reserve({}));
  sign_in("research-physics");
  target = *model_target(catalog, call, "amazon.nova-lite-v1:0");
  EXPECT_TRUE(reserve({}));
  EXPECT_TRUE(reserve({}));
}

class ProfileBudgets : public QuotaWorld {
 public:
  ProfileBudgets()
      : QuotaWorld({.budgets = {{.name = "profiles",
                                 .by = BudgetConfig::By::profile,
                                 .tenants = {},
                                 .models = {},
                                 .limits = {{Unit::requests, Period::day, 1}}}},
                    .prices = {}}) {}
};

TEST_F(ProfileBudgets, HoldForRequestsThatNameAProfile) {
  EXPECT_TRUE(reserve({}));
  EXPECT_FALSE(reserve({}));
  EXPECT_EQ(quotas.figures().back().tenant, model);
  target = *model_target(catalog, call, "amazon.nova-lite-v1:0");
  EXPECT_TRUE(reserve({}));
  EXPECT_TRUE(reserve({}));
}

TEST(BudgetRecords, AUseHasTheseBytes) {
  BudgetUse use;
  use.budget = "teams";
  use.account = "111122223333";
  use.tenant = "red";
  use.unit = "tokens";
  use.period = "day";
  use.begin = instant_from_ms(1'799'971'200'000);
  use.amount = 1234.5;
  EXPECT_EQ(hex(wire::encode_record(use)),
            "0106057465616d730a0c3131313132323232333333330e037265641206746f6b656e7316036461791880f0a6eae2681d00000000004a9340");
  EXPECT_EQ(wire::decode_record<BudgetUse>(wire::encode_record(use)).value(), use);
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
