// A function that decides who may connect: what it is told, and what its answers come to.
#include "gateway/guard/lambda_authorizer.h"

#include <gtest/gtest.h>

#include "gateway/testing/guard_rig.h"

namespace outcrop::gateway {

namespace {

std::string policy(std::string_view effect, std::string_view resource) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Action":"execute-api:Invoke","Effect":"{}","Resource":"{}"}}]}})", effect,
                     resource);
}

constexpr std::string_view everything = "*";

std::string answer_of(std::string_view policy, std::string_view more = "") {
  return fmt::format(R"({{"principalId":"ada","policyDocument":{}{}}})", policy, more);
}

class AnAuthorizer : public testing::Test {
 protected:
  AnAuthorizer() {
    rig.use_authorizer({"route.request.header.Auth", "route.request.querystring.room", "stageVariables.mode", "context.stage"});
    rig.stage.variables["mode"] = "strict";
    rig.exchange_head.headers.add("Auth", "token-1");
    rig.exchange_head.query = "room=a%20b&room=c";
    rig.functions.answer_with(answer_of(policy("Allow", everything)));
  }

  json::Value told() const { return json::parse(rig.functions.calls.at(0).payload).value(); }
  void expect_refused(int status, std::string_view message, std::string_view response_type) {
    const Result<void> connected = rig.connect();
    ASSERT_FALSE(connected);
    EXPECT_EQ(connected.error().status, status);
    EXPECT_EQ(connected.error().message, message);
    EXPECT_EQ(rig.response_type, response_type);
    EXPECT_EQ(rig.status, status);
  }

  GuardRig rig;
};

TEST_F(AnAuthorizer, IsToldOfTheHandshakeAsOnAws) {
  ASSERT_TRUE(rig.connect());
  const json::Value event = told();
  EXPECT_EQ(event.find("type")->as_string(), "REQUEST");
  EXPECT_EQ(event.find("methodArn")->as_string(), "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/prod/$connect");
  EXPECT_EQ(event.find("headers")->find("Auth")->as_string(), "token-1");
  EXPECT_EQ(event.find("headers")->find("X-Forwarded-For")->as_string(), "127.0.0.1");
  EXPECT_EQ(json::write(*event.find("multiValueHeaders")->find("Auth")), R"(["token-1"])");
  EXPECT_EQ(json::write(*event.find("queryStringParameters")), R"({"room":"c"})");
  EXPECT_EQ(json::write(*event.find("multiValueQueryStringParameters")), R"({"room":["a b","c"]})");
  EXPECT_EQ(json::write(*event.find("stageVariables")), R"({"mode":"strict"})");
  EXPECT_EQ(event.find("requestContext")->find("routeKey")->as_string(), "$connect");
  EXPECT_EQ(event.find("requestContext")->find("connectionId")->as_string(), "L0SM9cOFvHcCIhw=");
}

TEST_F(AnAuthorizer, IsInvokedOnBehalfOfTheApi) {
  ASSERT_TRUE(rig.connect());
  const FunctionCall& call = rig.functions.calls.at(0);
  EXPECT_EQ(call.function, "arn:aws:lambda:eu-central-1:111122223333:function:tokens");
  EXPECT_EQ(call.source_arn, "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/authorizers/auth01");
  EXPECT_EQ(call.account, "111122223333");
  EXPECT_EQ(call.credentials, "");
}

TEST_F(AnAuthorizer, IsNotAskedWhenAnIdentitySourceIsMissing) {
  rig.exchange_head.query = "room=";
  expect_refused(401, "Unauthorized", "UNAUTHORIZED");
  EXPECT_TRUE(rig.functions.calls.empty());
}

TEST_F(AnAuthorizer, IsAskedForEveryConnection) {
  ASSERT_TRUE(rig.connect());
  ASSERT_TRUE(rig.connect());
  EXPECT_EQ(rig.functions.calls.size(), 2u);
}

TEST_F(AnAuthorizer, SaysWhoTheClientIsToLaterEvents) {
  rig.functions.answer_with(answer_of(policy("Allow", everything), R"(,"context":{"plan":"gold","level":7,"staff":true})"));
  ConnectionContext connection = rig.connection();
  ASSERT_TRUE(rig.connect(connection));
  const json::Value shown = json::parse(connection.record.authorizer.value()).value();
  EXPECT_EQ(shown.find("principalId")->as_string(), "ada");
  EXPECT_EQ(shown.find("plan")->as_string(), "gold");
  EXPECT_EQ(shown.find("level")->as_string(), "7");
  EXPECT_EQ(shown.find("staff")->as_string(), "true");
  EXPECT_TRUE(shown.find("integrationLatency")->is_number());
}

TEST_F(AnAuthorizer, WhosePolicyNamesAnotherStageLetsNobodyIn) {
  rig.functions.answer_with(answer_of(policy("Allow", "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/test/*")));
  expect_refused(403, "User is not authorized to access this resource", "ACCESS_DENIED");
}

TEST_F(AnAuthorizer, WhosePolicyDeniesSaysSo) {
  rig.functions.answer_with(answer_of(policy("Deny", everything)));
  expect_refused(403, "User is not authorized to access this resource with an explicit deny", "ACCESS_DENIED");
}

TEST_F(AnAuthorizer, ThatThrowsUnauthorizedMeansIt) {
  rig.functions.answer_with(R"({"errorMessage":"Unauthorized","errorType":"Error"})", "Unhandled");
  expect_refused(401, "Unauthorized", "UNAUTHORIZED");
}

TEST_F(AnAuthorizer, ThatFailsIsTheServersFault) {
  rig.functions.answer_with(R"({"errorMessage":"no database","errorType":"Error"})", "Unhandled");
  expect_refused(500, "Internal server error", "AUTHORIZER_FAILURE");
  EXPECT_TRUE(rig.authorizer_error.contains("no database"));
}

TEST_F(AnAuthorizer, ThatCannotBeInvokedIsTheServersFault) {
  rig.functions.answer = AuthorizerFunctions().answer;
  expect_refused(500, "Internal server error", "AUTHORIZER_FAILURE");
}

TEST_F(AnAuthorizer, ThatAnswersWithoutAPolicyIsWrong) {
  rig.functions.answer_with(R"({"principalId":"ada"})");
  expect_refused(500, "Internal server error", "AUTHORIZER_CONFIGURATION_ERROR");
}

TEST_F(AnAuthorizer, WhoseContextHoldsAnObjectIsWrong) {
  rig.functions.answer_with(answer_of(policy("Allow", everything), R"(,"context":{"roles":["a"]})"));
  expect_refused(500, "Internal server error", "AUTHORIZER_CONFIGURATION_ERROR");
  EXPECT_TRUE(rig.authorizer_error.contains("roles"));
}

TEST_F(AnAuthorizer, WhoseAnswerIsLargerThanAwsTakesIsWrong) {
  rig.functions.answer_with(answer_of(policy("Allow", everything), R"(,"context":{"x":")" + std::string(8'192, 'x') + R"("})"));
  expect_refused(500, "Internal server error", "AUTHORIZER_CONFIGURATION_ERROR");
}

TEST_F(AnAuthorizer, MayBeNamedByAStageVariable) {
  rig.api.authorizers["auth01"].uri =
      "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
      "arn:aws:lambda:eu-central-1:111122223333:function:tokens-${stageVariables.mode}/invocations";
  ASSERT_TRUE(rig.connect());
  EXPECT_EQ(rig.functions.calls.at(0).function, "arn:aws:lambda:eu-central-1:111122223333:function:tokens-strict");
}

TEST_F(AnAuthorizer, IsToldApartFromItsPolicyInAccessLogs) {
  rig.access_format =
      "$context.authorizer.requestId $context.authorizer.integrationStatus $context.authorizer.status $context.authorize.status: "
      "$context.authorize.error";
  ASSERT_TRUE(rig.connect());
  EXPECT_EQ(rig.access_line, "f-1 200 200 200: -");
  rig.functions.answer_with(answer_of(policy("Deny", everything)));
  ASSERT_FALSE(rig.connect());
  EXPECT_EQ(rig.access_line, "f-1 200 200 403: User is not authorized to access this resource with an explicit deny");
  rig.functions.answer_with(R"({"errorMessage":"no database"})", "Unhandled");
  ASSERT_FALSE(rig.connect());
  EXPECT_EQ(rig.access_line, "f-1 200 500 -: -");
}

TEST_F(AnAuthorizer, IsFollowedInTheExecutionLog) {
  rig.stage.default_route_settings = {.data_trace = true, .logging_level = "INFO"};
  rig.exchange_head.headers.add("Authorization", "Bearer abcdefghijklmnop");
  ASSERT_TRUE(rig.connect());
  rig.stop();
  const std::string log = fmt::format("{}", fmt::join(rig.logs.lines, "\n"));
  EXPECT_TRUE(log.contains(") Starting authorizer: auth01 for request: JjPcXEU8oAMFpUw=")) << log;
  EXPECT_TRUE(log.contains(R"("Authorization":"*****************klmnop")")) << log;
  EXPECT_FALSE(log.contains("Bearer abc")) << log;
  EXPECT_TRUE(log.contains("Endpoint response body before transformations: {\"principalId\":\"ada\"")) << log;
  EXPECT_TRUE(log.contains(") Using valid authorizer policy for principal: ***")) << log;
}

TEST_F(AnAuthorizer, ThatFailsIsAnErrorOfTheExecutionLog) {
  rig.stage.default_route_settings.logging_level = "ERROR";
  rig.functions.answer_with(R"({"errorMessage":"no database"})", "Unhandled");
  ASSERT_FALSE(rig.connect());
  rig.stop();
  EXPECT_EQ(rig.logs.lines, std::vector<std::string>{"/aws/apigateway/a1b2c3d4e5/prod: (JjPcXEU8oAMFpUw=) Execution failed due to an "
                                                     R"(authorizer error: The function failed: {"errorMessage":"no database"})"});
}

}  // namespace

}  // namespace outcrop::gateway
