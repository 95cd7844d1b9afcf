// What happens to a connection's events: which route they go to, and what comes back.
#include "gateway/event/route_events.h"

#include "gateway/event/testing/event_harness.h"

namespace outcrop::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FunctionAnswer failed_function(std::string payload) { return {.payload = std::move(payload), .error = "Unhandled"}; }

struct EventsOfConnections : EventHarness {
  ApiMaker api;

  // The error that a message was answered with, and nothing else.
  std::string error_of(const std::string& answer) {
    const auto parsed = json::parse(answer);
    if (!parsed || !parsed->find("message")) return "no error: " + answer;
    EXPECT_EQ(parsed->find("connectionId")->as_string(), connection.id);
    EXPECT_THAT(std::string(parsed->find("requestId")->as_string()), testing::MatchesRegex("[A-Za-z0-9+/]{15}="));
    EXPECT_EQ(parsed->as_object().size(), 3u);
    return std::string(parsed->find("message")->as_string());
  }
  std::string routed_to(std::string message) {
    send(std::move(message));
    return guards.recorded.back().route_key;
  }
};

TEST_F(EventsOfConnections, AMessageGoesToTheRouteThatTheApisExpressionNames) {
  api.function_route("ask");
  api.function_route("stop");
  serve(api);
  EXPECT_EQ(send(R"({"action":"ask","question":"why?"})"), "");
  ASSERT_EQ(functions.calls.size(), 1u);
  EXPECT_EQ(functions.event().find("body")->as_string(), R"({"action":"ask","question":"why?"})");
  EXPECT_EQ(functions.event().find("requestContext")->find("routeKey")->as_string(), "ask");
  EXPECT_EQ(routed_to(R"({"action":"stop"})"), "stop");
}

TEST_F(EventsOfConnections, WhatNamesNoRouteGoesToTheDefault) {
  api.function_route("$default");
  api.function_route("ask");
  serve(api);
  EXPECT_EQ(routed_to(R"({"action":"dance"})"), "$default");
  EXPECT_EQ(routed_to(R"({"question":"why?"})"), "$default");
  EXPECT_EQ(routed_to("no JSON"), "$default");
  EXPECT_EQ(routed_to(""), "$default");
}

TEST_F(EventsOfConnections, AMessageCannotPlayTheConnectionsOwnEvents) {
  api.function_route("$connect");
  api.function_route("$disconnect");
  serve(api);
  EXPECT_EQ(error_of(send(R"({"action":"$disconnect"})")), "Forbidden");
  EXPECT_EQ(error_of(send(R"({"action":"$connect"})")), "Forbidden");
  EXPECT_THAT(functions.calls, IsEmpty());
}

TEST_F(EventsOfConnections, WithoutARouteTheClientIsTold) {
  api.function_route("ask");
  serve(api);
  const std::string answer = send(R"({"action":"dance"})");
  EXPECT_EQ(error_of(answer), "Forbidden");
  EXPECT_THAT(answer, testing::StartsWith(R"({"message": "Forbidden", "connectionId":"L0SM9cOFvHcCIhw=", "requestId":")"))
      << "as AWS writes it";
  EXPECT_EQ(error_of(send("no JSON")), "Forbidden");
  EXPECT_EQ(guards.recorded.back().status, 403);
}

TEST_F(EventsOfConnections, AOneWayRouteAnswersNothing) {
  api.function_route("ask");
  serve(api);
  functions.answer(R"({"statusCode":200,"body":"because"})");
  EXPECT_EQ(send(R"({"action":"ask"})"), "");
}

TEST_F(EventsOfConnections, ATwoWayRouteAnswersTheFunctionsBody) {
  api.function_route("ask");
  api.answers("ask");
  serve(api);
  functions.answer(R"({"statusCode":200,"body":"because"})");
  EXPECT_EQ(send(R"({"action":"ask"})"), "because");
  functions.answer(R"({"statusCode":404,"body":"who knows"})");
  EXPECT_EQ(send(R"({"action":"ask"})"), "who knows") << "the status is the backend's business";
  EXPECT_EQ(guards.recorded.back().status, 404);
  functions.answer(R"({"statusCode":200})");
  EXPECT_EQ(send(R"({"action":"ask"})"), "") << "there is nothing to send";
  functions.answer(R"({"statusCode":200,"body":"YmVjYXVzZQ==","isBase64Encoded":true})");
  EXPECT_EQ(send(R"({"action":"ask"})"), "because");
}

TEST_F(EventsOfConnections, ARouteIsTwoWayOnlyWithItsResponse) {
  api.function_route("ask").response_selection_expression = "$default";
  serve(api);
  functions.answer(R"({"statusCode":200,"body":"because"})");
  EXPECT_EQ(send(R"({"action":"ask"})"), "");
}

TEST_F(EventsOfConnections, AnAnswerLargerThanAMessageIsAnError) {
  api.function_route("ask");
  api.answers("ask");
  serve(api);
  functions.answer(R"({"statusCode":200,"body":")" + std::string(limits::message_bytes_max, 'x') + R"("})");
  EXPECT_EQ(send(R"({"action":"ask"})").size(), limits::message_bytes_max);
  functions.answer(R"({"statusCode":200,"body":")" + std::string(limits::message_bytes_max + 1, 'x') + R"("})");
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Internal server error");
  EXPECT_EQ(guards.recorded.back().integration_error, "The answer is larger than a message may be.");
}

TEST_F(EventsOfConnections, AFunctionThatFailsIsAnInternalServerError) {
  api.function_route("ask");
  serve(api);
  functions.answers.push_back(failed_function(R"({"errorType":"TypeError","errorMessage":"x is not a function"})"));
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Internal server error");
  const Recorded& told = guards.recorded.back();
  EXPECT_EQ(told.status, 502);
  EXPECT_EQ(told.error_response_type, "INTEGRATION_FAILURE");
  EXPECT_EQ(told.integration_error, "x is not a function");
  EXPECT_EQ(told.integration_status, 200);
  EXPECT_TRUE(told.has_latency);
}

TEST_F(EventsOfConnections, AnAnswerThatIsNoResponseIsAnInternalServerError) {
  api.function_route("ask");
  serve(api);
  for (const char* payload :
       {"null", R"("ok")", "{}", R"({"statusCode":"fine"})", R"({"statusCode":99})", R"({"statusCode":200,"body":{}})",
        R"({"statusCode":200,"headers":[]})", R"({"statusCode":200,"body":"?","isBase64Encoded":true})"}) {
    functions.answer(payload);
    EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Internal server error") << payload;
    EXPECT_THAT(guards.recorded.back().integration_error, HasSubstr("Malformed Lambda proxy response")) << payload;
  }
}

TEST_F(EventsOfConnections, AFunctionThatDoesNotExistIsTheApisError) {
  api.function_route("ask");
  serve(api);
  functions.answers.push_back(fail("ResourceNotFoundException", 404, "Function not found"));
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Internal server error");
  EXPECT_EQ(guards.recorded.back().error_response_type, "API_CONFIGURATION_ERROR");
  EXPECT_EQ(guards.recorded.back().integration_status, 404);
}

TEST_F(EventsOfConnections, AFunctionThatTakesTooLongGoesOn) {
  api.route("ask",
            {.type = "AWS_PROXY",
             .uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations",
             .timeout_ms = 50});
  serve(api);
  functions.held.emplace(executor);
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Endpoint request timed out");
  EXPECT_EQ(guards.recorded.back().status, 504);
  EXPECT_EQ(guards.recorded.back().error_response_type, "INTEGRATION_TIMEOUT");
  EXPECT_GT(events->bytes_in_flight(), 0u) << "what goes on counts";
  functions.held->setter().set(true);
  executor.run_until_idle();
  EXPECT_EQ(events->bytes_in_flight(), 0u);
}

TEST_F(EventsOfConnections, AMessageThatIsNotAdmittedReachesNoIntegration) {
  api.function_route("ask");
  serve(api);
  guards.refuses_messages = Fault{"LimitExceededException", 429, "Too Many Requests"};
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Too Many Requests");
  EXPECT_THAT(functions.calls, IsEmpty());
  EXPECT_EQ(guards.recorded.back().route_key, "ask");
  EXPECT_EQ(guards.recorded.back().status, 429);
}

TEST_F(EventsOfConnections, AnApiThatIsGoneAnswersForbidden) {
  api.function_route("ask");
  serve(api);
  source.stage = nullptr;
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Forbidden");
  source.fault = Fault{"StoreUnavailable", 500, "the disk is gone"};
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Internal server error");
}

TEST_F(EventsOfConnections, ARouteWithoutAnIntegrationIsTheApisError) {
  api.function_route("ask").target.reset();
  serve(api);
  EXPECT_EQ(error_of(send(R"({"action":"ask"})")), "Internal server error");
}

TEST_F(EventsOfConnections, AFunctionIsCalledForItsRoute) {
  api.function_route("ask", "arn:aws:lambda:eu-west-1:111122223333:function:${stageVariables.fn}:${stageVariables.alias}");
  api.stage_record.variables["fn"] = "answer";
  api.stage_record.variables["alias"] = "live";
  serve(api);
  send(R"({"action":"ask"})");
  ASSERT_EQ(functions.calls.size(), 1u);
  EXPECT_EQ(functions.calls[0].function, "arn:aws:lambda:eu-west-1:111122223333:function:answer:live");
  EXPECT_EQ(functions.calls[0].source_arn, "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/prod/ask");
  EXPECT_EQ(functions.calls[0].account, "111122223333");
  EXPECT_EQ(functions.calls[0].credentials, "");
}

TEST_F(EventsOfConnections, WithoutAConnectRouteEverybodyConnects) {
  api.function_route("ask");
  serve(api);
  EXPECT_TRUE(connect());
  ASSERT_EQ(guards.recorded.size(), 1u) << "and is counted";
  EXPECT_EQ(guards.recorded[0].route_key, "$connect");
}

TEST_F(EventsOfConnections, AConnectRouteMayBeThereForItsAuthorizerAlone) {
  api.function_route("$connect").target.reset();
  serve(api);
  EXPECT_TRUE(connect());
  guards.refuses_connections = Fault{"UnauthorizedException", 401, "Unauthorized"};
  EXPECT_EQ(connect().error().status, 401);
  EXPECT_EQ(guards.recorded.back().status, 401);
}

TEST_F(EventsOfConnections, ConnectChoosesAmongTheSubprotocolsThatTheClientOffers) {
  api.function_route("$connect");
  serve(api);
  functions.answer(R"({"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"chat.v2","Content-Type":"text/plain","Upgrade":"h2c"}})");
  const auto headers = connect();
  ASSERT_TRUE(headers);
  ASSERT_EQ(headers->size(), 1u) << "what is the connection's stays the connection's";
  EXPECT_EQ(headers->get("sec-websocket-protocol"), "chat.v2");
}

TEST_F(EventsOfConnections, ConnectMayRefuse) {
  api.function_route("$connect");
  serve(api);
  functions.answer(R"({"statusCode":403,"body":"not you"})");
  const auto refused = connect();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 403);
  EXPECT_EQ(refused.error().message, "not you");
  EXPECT_EQ(guards.recorded.back().status, 403);
}

TEST_F(EventsOfConnections, AConnectThatFailsRefuses) {
  api.function_route("$connect");
  serve(api);
  functions.answers.push_back(failed_function(R"({"errorType":"Error","errorMessage":"oh"})"));
  EXPECT_EQ(connect().error().status, 502);
  functions.answer("null");
  EXPECT_EQ(connect().error().status, 502);
  functions.answers.push_back(fail("AccessDeniedException", 403, "not allowed"));
  EXPECT_EQ(connect().error().status, 500);
}

TEST_F(EventsOfConnections, TheAuthorizerAndConnectAreOneRequest) {
  api.function_route("$connect");
  serve(api);
  ASSERT_TRUE(connect());
  ASSERT_TRUE(connect());
  const std::string id(functions.event(0).find("requestContext")->find("requestId")->as_string());
  EXPECT_EQ(id, functions.event(1).find("requestContext")->find("requestId")->as_string()) << "the handshake's id decides";
  EXPECT_EQ(id.size(), 16u);
}

TEST_F(EventsOfConnections, DisconnectTellsWhy) {
  api.function_route("$disconnect");
  serve(api);
  EXPECT_TRUE(disconnect({.code = 1001, .text = "Going away"}));
  const json::Value context = *functions.event().find("requestContext");
  EXPECT_EQ(context.find("eventType")->as_string(), "DISCONNECT");
  EXPECT_EQ(context.find("disconnectStatusCode")->as_int64(), 1001);
  EXPECT_EQ(context.find("disconnectReason")->as_string(), "Going away");
  EXPECT_EQ(guards.recorded.back().route_key, "$disconnect");
}

TEST_F(EventsOfConnections, DisconnectIsCarriedOutOnceAlsoWhenTheFunctionSaysNo) {
  api.function_route("$disconnect");
  serve(api);
  functions.answers.push_back(failed_function(R"({"errorType":"TypeError","errorMessage":"oh"})"));
  EXPECT_TRUE(disconnect());
  EXPECT_EQ(functions.calls.size(), 1u);
}

TEST_F(EventsOfConnections, DisconnectIsTriedAgainWhenTheFunctionWasNotHeard) {
  api.function_route("$disconnect");
  serve(api);
  functions.answers.push_back(fail("TooManyRequestsException", 429, "Rate Exceeded."));
  functions.answers.push_back(failed_function(R"({"errorType":"Runtime.ExitError","errorMessage":"signal: killed"})"));
  EXPECT_TRUE(disconnect());
  EXPECT_EQ(functions.calls.size(), 3u);
  EXPECT_EQ(guards.recorded.size(), 1u);
  EXPECT_EQ(guards.recorded[0].status, 200);
}

TEST_F(EventsOfConnections, DisconnectIsLeftForLaterWhenTheServerStops) {
  api.function_route("$disconnect");
  std::stop_source draining;
  draining.request_stop();
  world.draining = draining.get_token();
  serve(api);
  functions.answers.push_back(fail("ServiceException", 500, "stopping"));
  EXPECT_FALSE(disconnect());
  source.fault = Fault{"StoreUnavailable", 500, "the disk is gone"};
  EXPECT_FALSE(disconnect());
  source.fault.reset();
  source.stage = nullptr;
  EXPECT_TRUE(disconnect()) << "of an API that is gone nobody hears";
}

}  // namespace
}  // namespace outcrop::gateway
