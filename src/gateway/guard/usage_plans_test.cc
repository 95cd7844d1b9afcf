// API keys and what tenants may use.
#include "gateway/guard/usage_plans.h"

#include <gtest/gtest.h>

#include "gateway/testing/guard_rig.h"

namespace outcrop::gateway {

namespace {

using namespace std::chrono_literals;

UsageOptions two_keys_of_one_tenant(UsagePlanConfig plan) {
  plan.name = "standard";
  return {.plans = {plan},
          .keys = {{.key = "secret-of-the-web-client", .name = "web", .account = "111122223333", .tenant = "acme", .plan = "standard"},
                   {.key = "secret-of-the-phones", .name = "phones", .account = "111122223333", .tenant = "acme", .plan = "standard"},
                   {.key = "secret-of-somebody-else", .name = "other", .account = "111122223333", .plan = "standard"},
                   {.key = "secret-without-a-plan", .name = "free", .account = "111122223333"},
                   {.key = "secret-of-another-account", .name = "foreign", .account = "444455556666"}}};
}

struct KeyRig : GuardRig {
  explicit KeyRig(UsagePlanConfig plan = {}) : GuardRig(two_keys_of_one_tenant(std::move(plan))) {
    stage.tags["outcrop:api-keys"] = "required";
  }

  // With its own id, so that it counts as one more.
  std::optional<ConnectionContext> open(std::string key) {
    exchange_head.headers.set("x-api-key", key);
    ConnectionContext opened = connection(fmt::format("connection-{}", ++opened_));
    return connect(opened) ? std::optional(opened) : std::nullopt;
  }

 private:
  int opened_ = 0;
};

TEST(AnApiKey, IsNeededWhereTheTagSaysSo) {
  KeyRig rig;
  const Result<void> connected = rig.connect();
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().status, 403);
  EXPECT_EQ(connected.error().message, "Forbidden");
  EXPECT_TRUE(rig.open("secret-of-the-web-client"));
}

TEST(AnApiKey, IsNotAskedForWithoutTheTag) {
  GuardRig rig(two_keys_of_one_tenant({}));
  EXPECT_TRUE(rig.connect());
}

TEST(AnApiKey, MayBeWantedByTheConnectRouteAsOnAws) {
  GuardRig rig(two_keys_of_one_tenant({}));
  rig.api.routes["r1"].api_key_required = true;
  EXPECT_FALSE(rig.connect());
  rig.exchange_head.query = "x-api-key=secret-of-the-web-client";
  EXPECT_FALSE(rig.connect());
  rig.exchange_head.headers.add("X-Api-Key", "secret-of-the-web-client");
  EXPECT_TRUE(rig.connect());
}

TEST(AnApiKey, MayComeInTheQueryWhereTheTagWantsIt) {
  KeyRig rig;
  rig.exchange_head.query = "x-api-key=secret-of-the-web-client";
  EXPECT_TRUE(rig.connect());
}

TEST(AnApiKey, IsForTheApisOfItsAccount) {
  KeyRig rig;
  EXPECT_FALSE(rig.open("secret-of-another-account"));
}

TEST(AnApiKey, MayBeWhatTheAuthorizerSays) {
  KeyRig rig;
  rig.use_authorizer({});
  rig.api.api.api_key_selection_expression = "$context.authorizer.usageIdentifierKey";
  rig.functions.answer_with(
      R"({"principalId":"ada","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}]},)"
      R"("usageIdentifierKey":"secret-of-the-phones"})");
  ConnectionContext connection = rig.connection();
  ASSERT_TRUE(rig.connect(connection));
  EXPECT_EQ(json::parse(*connection.record.identity)->find("apiKeyId")->as_string(), "phones");
}

TEST(AnApiKey, WithoutAPlanHasNoLimits) {
  KeyRig rig({.connections = 1});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(rig.open("secret-without-a-plan"));
}

TEST(ATenant, HasSoManyConnectionsAtOnceWithAllOfItsKeys) {
  KeyRig rig({.connections = 2});
  const auto first = rig.open("secret-of-the-web-client");
  ASSERT_TRUE(first);
  ASSERT_TRUE(rig.open("secret-of-the-phones"));
  EXPECT_FALSE(rig.open("secret-of-the-phones"));
  EXPECT_EQ(rig.status, 429);
  EXPECT_EQ(rig.response_type, "QUOTA_EXCEEDED");
  EXPECT_TRUE(rig.open("secret-of-somebody-else"));
  rig.guards->release(*first);
  rig.guards->release(*first);
  EXPECT_TRUE(rig.open("secret-of-the-phones"));
  EXPECT_FALSE(rig.open("secret-of-the-phones"));
}

TEST(ATenant, OpensSoManyConnectionsASecond) {
  KeyRig rig({.connections_per_second = 2});
  EXPECT_TRUE(rig.open("secret-of-the-web-client"));
  EXPECT_TRUE(rig.open("secret-of-the-phones"));
  EXPECT_FALSE(rig.open("secret-of-the-phones"));
  EXPECT_EQ(rig.response_type, "THROTTLED");
  rig.test.advance(500ms);
  EXPECT_TRUE(rig.open("secret-of-the-phones"));
}

TEST(ATenant, SendsSoManyMessagesASecond) {
  KeyRig rig({.messages_per_second = 10, .message_burst = 3});
  const auto web = rig.open("secret-of-the-web-client"), phone = rig.open("secret-of-the-phones");
  EXPECT_TRUE(rig.send(*web));
  EXPECT_TRUE(rig.send(*web));
  EXPECT_TRUE(rig.send(*phone));
  const Result<void> fourth = rig.send(*web);
  ASSERT_FALSE(fourth);
  EXPECT_EQ(fourth.error().code, "THROTTLED");
  EXPECT_EQ(fourth.error().message, "Too Many Requests");
  rig.test.advance(100ms);
  EXPECT_TRUE(rig.send(*phone));
}

TEST(ATenant, SendsSoManyMessagesADayOfUtc) {
  KeyRig rig({.messages_per_day = 2});
  const auto web = rig.open("secret-of-the-web-client");
  EXPECT_TRUE(rig.send(*web));
  EXPECT_TRUE(rig.send(*web));
  EXPECT_FALSE(rig.send(*web));
  EXPECT_EQ(rig.response_type, "QUOTA_EXCEEDED");
  rig.test.advance(24h);
  EXPECT_TRUE(rig.send(*web));
}

TEST(ATenant, SendsSoManyBytesADay) {
  KeyRig rig({.bytes_per_day = 100});
  const auto web = rig.open("secret-of-the-web-client");
  EXPECT_TRUE(rig.send(*web, 60));
  EXPECT_FALSE(rig.send(*web, 41));
  EXPECT_TRUE(rig.send(*web, 40));
}

TEST(ATenantsDay, SurvivesTheServer) {
  KeyRig rig({.messages_per_day = 2});
  const auto web = rig.open("secret-of-the-web-client");
  EXPECT_TRUE(rig.send(*web));
  rig.stop();

  UsagePlans later(rig.test.world, two_keys_of_one_tenant({.messages_per_day = 2}));
  ASSERT_TRUE(rig.test.run(later.start()));
  const ApiKeyConfig& key = *later.find("111122223333", "secret-of-the-phones");
  EXPECT_EQ(rig.test.run([](UsagePlans& later, const ApiKeyConfig& key) -> Task<int> {
    int let = 0;
    later.let_connection(key, "c");
    for (int i = 0; i < 5; ++i) let += later.let_message("c", 1) == nullptr;
    co_await later.stop();
    co_return let;
  }(later, key)),
            1);
}

TEST(ATenantsDay, BeginsAnewWithAReset) {
  KeyRig rig({.messages_per_day = 1});
  const auto web = rig.open("secret-of-the-web-client");
  EXPECT_TRUE(rig.send(*web));
  EXPECT_FALSE(rig.send(*web));
  ASSERT_TRUE(rig.test.run(rig.guards->usage_plans().forget("444455556666")));
  EXPECT_FALSE(rig.send(*web));
  ASSERT_TRUE(rig.test.run(rig.guards->usage_plans().forget("111122223333")));
  EXPECT_TRUE(rig.send(*web));
}

}  // namespace

}  // namespace outcrop::gateway
