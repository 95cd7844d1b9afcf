// Worked examples of quotas that are raised while they are used, and of what is told of their use.
#include <gtest/gtest.h>

#include "services/bedrock-runtime/quota/model_quotas.h"
#include "services/bedrock-runtime/quota/testing/quota_world.h"

namespace outcrop::bedrock_runtime {
namespace {

using namespace std::chrono_literals;

// Claude 3 Haiku in eu-west-1: 300,000 tokens and 400 requests a minute, output that burns five times.
struct QuotasInUse : QuotaWorld {
  QuotasInUse() {
    book.on_change([this] { quotas.limits_changed(); });
    call.region = "eu-west-1";
    target = {catalog.find_model("anthropic.claude-3-haiku-20240307-v1:0"), ModelTarget::Route::on_demand, "haiku"};
  }
  void raise(std::string_view kind, double value) {
    book.raise(call.account(), call.region, quota_service_code, quota_code(*target.model, kind), value);
  }
  QuotaUsage usage(std::string_view quota) {
    for (QuotaUsage& usage : quotas.quota_usage(call.account())) {
      if (usage.quota == quota) return usage;
    }
    ADD_FAILURE() << quota << " is not told";
    return {};
  }
};

TEST_F(QuotasInUse, MoreTokensAMinuteLetAThrottledRequestPass) {
  auto first = reserve({200'000, 50'000});
  ASSERT_TRUE(first);
  auto throttled = reserve({80'000, 4'000});
  ASSERT_FALSE(throttled);
  EXPECT_EQ(throttled.error().code, "ThrottlingException");
  raise("onDemandTpm", 350'000);
  EXPECT_TRUE(reserve({80'000, 4'000})) << "at once: 100,000 are left of 350,000";
  EXPECT_FALSE(reserve({100'000, 1})) << "and no more than that";
}

TEST_F(QuotasInUse, WhoWaitsIsLetInByARaise) {
  auto running = reserve({300'000, 0});
  ASSERT_TRUE(running);
  Asked& waiting = ask_to_wait(50'000, Seconds(30));
  ASSERT_TRUE(waiting.waits());
  raise("onDemandTpm", 350'000);
  settle_down();
  EXPECT_TRUE(waiting.is_admitted());
}

TEST_F(QuotasInUse, WhatIsInFlightWhileAQuotaIsRaisedIsSettledTokenForToken) {
  auto request = reserve({100'000, 200'000});
  ASSERT_TRUE(request);
  raise("onDemandTpm", 600'000);
  EXPECT_EQ(usage("tokens per minute").remaining(), 300'000);
  settle(*request, {.input = 100'000, .output = 20'000});
  EXPECT_EQ(usage("tokens per minute").remaining(), 400'000) << "600,000 less 100,000 and five times 20,000";
  world.advance(6s);
  EXPECT_EQ(usage("tokens per minute").remaining(), 460'000) << "filled at the new rate";
}

TEST_F(QuotasInUse, RequestsAMinuteAreRaisedByThemselves) {
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(reserve({1, 1}));
  ASSERT_FALSE(reserve({1, 1}));
  raise("onDemandTpm", 900'000);
  EXPECT_FALSE(reserve({1, 1}));
  raise("onDemandRpm", 401);
  EXPECT_TRUE(reserve({1, 1}));
  EXPECT_FALSE(reserve({1, 1}));
}

TEST_F(QuotasInUse, ARaiseIsOfOneAccountAndOneRegion) {
  raise("onDemandTpm", 600'000);
  call.identity.account = "444455556666";
  EXPECT_FALSE(reserve({300'001, 0}));
  call.identity.account = "111122223333";
  call.region = "eu-central-1";
  EXPECT_FALSE(reserve({300'001, 0}));
  call.region = "eu-west-1";
  EXPECT_TRUE(reserve({600'000, 0}));
}

TEST_F(QuotasInUse, DailyTokensOfCrossRegionCallsAreTwiceWhatWasRaised) {
  target = {catalog.find_model("amazon.nova-pro-v1:0"), ModelTarget::Route::cross_region, "eu.amazon.nova-pro-v1:0"};
  raise("tpd", 1'500'000'000);
  ASSERT_TRUE(reserve({1, 1}));
  EXPECT_EQ(usage("tokens per day").limit, 3'000'000'000);
}

TEST_F(QuotasInUse, AnAccountThatIsForgottenHasEverythingAgain) {
  auto running = reserve({300'000, 0});
  ASSERT_TRUE(running);
  ASSERT_TRUE(world.run(quotas.forget("444455556666")));
  ASSERT_FALSE(reserve({1, 0}));
  ASSERT_TRUE(world.run(quotas.forget("111122223333")));
  EXPECT_TRUE(reserve({300'000, 0}));
  settle(*running, {.input = 100});
  EXPECT_LE(usage("tokens per minute").remaining(), 300'000) << "what was taken before gives nothing back beyond that";
}

TEST_F(QuotasInUse, UseIsToldWithWhatIsInFlight) {
  auto ended = reserve({10'000, 20'000});
  ASSERT_TRUE(ended);
  settle(*ended, {.input = 10'000, .output = 5'000});
  auto running = reserve({1'000, 2'000});
  ASSERT_TRUE(running);
  const QuotaUsage tokens = usage("tokens per minute");
  EXPECT_EQ(tokens.account, "111122223333");
  EXPECT_EQ(tokens.region, "eu-west-1");
  EXPECT_EQ(tokens.subject, "anthropic.claude-3-haiku-20240307-v1:0");
  EXPECT_EQ(tokens.route, "on-demand");
  EXPECT_EQ(tokens.code, quota_code(*target.model, "onDemandTpm"));
  EXPECT_EQ(tokens.limit, 300'000);
  EXPECT_EQ(tokens.used, 10'000 + 5 * 5'000 + 3'000);
  EXPECT_EQ(tokens.in_flight, 3'000);
  EXPECT_EQ(usage("requests per minute").used, 2);
  EXPECT_EQ(usage("requests per minute").in_flight, 1);
}

TEST_F(QuotasInUse, UseOfOthersIsToldToThoseWhoSeeAll) {
  ASSERT_TRUE(reserve({1, 1}));
  EXPECT_EQ(quotas.quota_usage("444455556666").size(), 0u);
  EXPECT_EQ(quotas.quota_usage(std::nullopt).size(), quotas.quota_usage("111122223333").size());
}

TEST_F(QuotasInUse, AForecastSaysWhenASteadyUseEmptiesTheQuota) {
  for (int second = 0; second < 500; ++second) {  // 5,000 tokens a second come back
    const int64_t tokens = second < 300 ? 5'000 : 6'000;
    ASSERT_TRUE(settled({.input_tokens = tokens}, {.input = tokens}));
    world.advance(1s);
    if (second == 299) {
      EXPECT_EQ(usage("tokens per minute").exhausted_in_seconds(), std::nullopt) << "as much is filled as is used";
    }
  }
  const QuotaUsage tokens = usage("tokens per minute");
  ASSERT_TRUE(tokens.exhausted_in_seconds());
  EXPECT_NEAR(tokens.per_second, 6'000, 300);
  EXPECT_NEAR(*tokens.exhausted_in_seconds(), tokens.remaining() / 1'000, tokens.remaining() / 1'000 * 0.5);
}

TEST_F(QuotasInUse, AForecastCountsWhatIsChargedAndNotWhatWasReserved) {
  for (int second = 0; second < 300; ++second) {
    auto request = reserve({1'000, 4'000});
    ASSERT_TRUE(request);
    world.advance(1s);
    settle(*request, {.input = 1'000, .output = 500});
  }
  EXPECT_NEAR(usage("tokens per minute").per_second, 3'500, 60);
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
