// Who is let through: throttles of accounts, stages and routes, and who signed.
#include "gateway/guard/gateway_guards.h"

#include <gtest/gtest.h>

#include <cmath>

#include "auth/presigned_query.h"
#include "gateway/testing/guard_rig.h"

namespace outcrop::gateway {

namespace {

using namespace std::chrono_literals;

int connections_let(GuardRig& rig, int tries) {
  int let = 0;
  for (int i = 0; i < tries; ++i) let += rig.connect().has_value();
  return let;
}

int messages_let(GuardRig& rig, int tries, std::string_view route_key = "ask") {
  const ConnectionContext connection = rig.connection();
  int let = 0;
  for (int i = 0; i < tries; ++i) let += rig.send(connection, 10, route_key).has_value();
  return let;
}

TEST(AnAccount, OpensFiveHundredConnectionsASecond) {
  GuardRig rig;
  EXPECT_EQ(connections_let(rig, 502), 500);
  EXPECT_EQ(rig.status, 429);
  EXPECT_EQ(rig.response_type, "THROTTLED");
  rig.test.advance(100ms);
  EXPECT_EQ(connections_let(rig, 60), 50);
}

TEST(AnAccount, OpensMoreWhenItsQuotaIsRaised) {
  GuardRig rig;
  EXPECT_EQ(connections_let(rig, 502), 500);
  rig.quotas.raise("111122223333", "eu-central-1", "apigateway", "L-9ED1E49A", 700);
  rig.test.advance(1s);
  EXPECT_EQ(connections_let(rig, 702), 700);
}

TEST(AnAccount, HasFiveThousandRequestsAtOnceAndTenThousandASecond) {
  GuardRig rig;
  EXPECT_EQ(messages_let(rig, 5'001), 5'000);
  EXPECT_EQ(rig.response_type, "THROTTLED");
  rig.test.advance(100ms);
  EXPECT_EQ(messages_let(rig, 1'001), 1'000);
}

TEST(AnAccount, IsThrottledInWhatItsFunctionsPostToo) {
  GuardRig rig;
  EXPECT_EQ(messages_let(rig, 5'000), 5'000);
  const Result<void> posted = rig.guards->admit_post(rig.connection());
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, "LimitExceededException");
  EXPECT_EQ(posted.error().status, 429);
}

TEST(AStage, ThrottlesEachOfItsRoutes) {
  GuardRig rig;
  rig.api.routes["r3"] = {.key = "stop", .authorization_type = "NONE"};
  rig.stage.default_route_settings = {.burst_limit = 3, .rate_limit = 10};
  EXPECT_EQ(messages_let(rig, 5), 3);
  EXPECT_EQ(messages_let(rig, 5, "stop"), 3);
  rig.test.advance(100ms);
  EXPECT_EQ(messages_let(rig, 5), 1);
}

TEST(ARoute, IsHeldToItsOwnSettingsFirst) {
  GuardRig rig;
  rig.stage.default_route_settings = {.burst_limit = 3, .rate_limit = 10};
  rig.stage.route_settings["ask"] = {.burst_limit = 7};
  EXPECT_EQ(messages_let(rig, 10), 7);
}

TEST(ARoute, IsThrottledByItsNewSettingsAtOnce) {
  GuardRig rig;
  rig.stage.default_route_settings = {.burst_limit = 3, .rate_limit = 10};
  EXPECT_EQ(messages_let(rig, 5), 3);
  rig.stage.default_route_settings = {.burst_limit = 5, .rate_limit = 10};
  rig.test.advance(1s);
  EXPECT_EQ(messages_let(rig, 9), 5);
}

TEST(ARoute, WithARateOfNothingIsClosed) {
  GuardRig rig;
  rig.stage.route_settings["$connect"] = {.burst_limit = 0, .rate_limit = 0};
  EXPECT_FALSE(rig.connect());
  EXPECT_EQ(messages_let(rig, 1), 1);
}

TEST(ARoute, MayHaveLimitsThatNoBucketCanKeep) {
  for (const auto& [rate, burst] : {std::pair(1e-9, 2'147'483'647), std::pair(std::nan(""), 1), std::pair(1e300, 1)}) {
    GuardRig rig;
    rig.stage.default_route_settings = {.burst_limit = burst, .rate_limit = rate};
    EXPECT_LE(messages_let(rig, 2), 2);
  }
}

TEST(AnApiWithoutAConnectRoute, LetsEverybodyIn) {
  GuardRig rig;
  rig.api.routes.erase("r1");
  EXPECT_TRUE(rig.connect());
}

TEST(ARouteWithAnAuthorizerThatIsGone, LetsNobodyIn) {
  GuardRig rig;
  rig.api.routes["r1"].authorization_type = "CUSTOM";
  EXPECT_FALSE(rig.connect());
  EXPECT_EQ(rig.status, 500);
}

class ASignedHandshake : public testing::Test {
 protected:
  ASignedHandshake() { rig.api.routes["r1"].authorization_type = "AWS_IAM"; }

  static constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  static std::shared_ptr<const auth::AccessKeys> keys() {
    return auth::ConfiguredAccessKeys::from({{{"AKIAIOSFODNN7EXAMPLE", std::string(secret), "111122223333"}}}).value();
  }
  void presign(std::string_view with_secret, std::string_view region = "eu-central-1") {
    auth::presign(rig.exchange_head, {"AKIAIOSFODNN7EXAMPLE", std::string(with_secret), ""}, region, "execute-api", auth::empty_body_hash,
                  {.at = clock.real_wall()});
  }

  RealClock clock;
  GuardRig rig{{}, std::make_unique<auth::Authenticator>(clock, keys())};
};

TEST_F(ASignedHandshake, OpensAConnectionWhoseEventsSayWhoSigned) {
  presign(secret);
  ConnectionContext connection = rig.connection();
  ASSERT_TRUE(rig.connect(connection));
  const json::Value identity = json::parse(connection.record.identity.value()).value();
  EXPECT_EQ(identity.find("accountId")->as_string(), "111122223333");
  EXPECT_EQ(identity.find("accessKey")->as_string(), "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(identity.find("userArn")->as_string(), "arn:aws:iam::111122223333:root");
}

TEST_F(ASignedHandshake, IsNeeded) {
  const Result<void> connected = rig.connect();
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().status, 403);
  EXPECT_EQ(connected.error().message, "Missing Authentication Token");
}

TEST_F(ASignedHandshake, WithAWrongSignatureIsRefused) {
  presign("another secret, of nobody we know of anywhere");
  const Result<void> connected = rig.connect();
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().status, 403);
  EXPECT_EQ(rig.response_type, "INVALID_SIGNATURE");
}

TEST_F(ASignedHandshake, IsToldApartFromItsPoliciesInAccessLogs) {
  rig.access_format = "$context.authenticate.status $context.authorize.status $context.authorizer.status";
  presign(secret);
  ASSERT_TRUE(rig.connect());
  EXPECT_EQ(rig.access_line, "200 200 -");
  rig.exchange_head.path = "/_aws/execute-api/a1b2c3d4e5/test";
  ASSERT_FALSE(rig.connect());
  EXPECT_EQ(rig.access_line, "403 - -");
}

TEST_F(ASignedHandshake, OfAnotherPathIsRefused) {
  presign(secret);
  rig.exchange_head.path = "/_aws/execute-api/a1b2c3d4e5/test";
  EXPECT_FALSE(rig.connect());
}

TEST_F(ASignedHandshake, OfAnotherRegionIsRefused) {
  presign(secret, "us-east-1");
  EXPECT_FALSE(rig.connect());
  EXPECT_EQ(rig.status, 403);
}

TEST(InOpenMode, WhoSignedIsBelieved) {
  GuardRig rig;
  rig.api.routes["r1"].authorization_type = "AWS_IAM";
  EXPECT_TRUE(rig.connect());
}

}  // namespace

}  // namespace outcrop::gateway
