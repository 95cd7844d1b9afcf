// The events that functions get, member by member, as AWS's own events have them.
#include "gateway/event/function_event.h"

#include "gateway/event/testing/event_harness.h"

namespace outcrop::gateway {
namespace {

struct EventsOfFunctions : EventHarness {
  EventsOfFunctions() {
    for (const char* key : {"$connect", "ask", "$disconnect"}) api.function_route(key);
  }
  ApiMaker api;

  // With the ids that chance made replaced.
  std::string written(size_t call = 0) {
    json::Value event = functions.event(call);
    json::Object& context = event.find("requestContext")->as_object();
    for (const char* id : {"requestId", "extendedRequestId", "messageId"}) {
      if (json::Value* value = context.find(id)) *value = "ID";
    }
    return json::write(event);
  }
};

TEST_F(EventsOfFunctions, OfConnect) {
  serve(api);
  net::RequestHead head{.method = "GET", .path = "/prod", .query = "token=a%20b&token=c&room=7", .host = "localhost:4566"};
  head.headers = {
      {"Host", "localhost:4566"},        {"Connection", "Upgrade"},      {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"},
      {"X-Amzn-Trace-Id", "Root=1-a-b"}, {"X-Forwarded-For", "1.2.3.4"}, {"Cookie", "a=1"},        {"cookie", "b=2"}};
  head.peer.address = "192.0.2.7";
  ASSERT_TRUE(connect(std::move(head)));
  EXPECT_EQ(written(),
            R"({"headers":{"Host":"localhost:4566","Sec-WebSocket-Version":"13","X-Amzn-Trace-Id":"Root=1-a-b",)"
            R"("X-Forwarded-For":"1.2.3.4, 192.0.2.7","Cookie":"b=2","X-Forwarded-Port":"4566","X-Forwarded-Proto":"http"},)"
            R"("multiValueHeaders":{"Host":["localhost:4566"],"Sec-WebSocket-Version":["13"],"X-Amzn-Trace-Id":["Root=1-a-b"],)"
            R"("X-Forwarded-For":["1.2.3.4, 192.0.2.7"],"Cookie":["a=1","b=2"],"X-Forwarded-Port":["4566"],"X-Forwarded-Proto":["http"]},)"
            R"("queryStringParameters":{"token":"c","room":"7"},"multiValueQueryStringParameters":{"token":["a b","c"],"room":["7"]},)"
            R"("requestContext":{"routeKey":"$connect","eventType":"CONNECT","extendedRequestId":"ID",)"
            R"("requestTime":"15/Jan/2027:08:00:00 +0000","messageDirection":"IN","stage":"prod","connectedAt":1800000000000,)"
            R"("requestTimeEpoch":1800000000000,"identity":{"userAgent":"wscat/5","sourceIp":"192.0.2.7"},"requestId":"ID",)"
            R"("domainName":"localhost:4566","connectionId":"L0SM9cOFvHcCIhw=","apiId":"a1b2c3d4e5"},"isBase64Encoded":false})");
}

TEST_F(EventsOfFunctions, OfAMessage) {
  serve(api);
  advance(std::chrono::minutes(5));
  send(R"({"action":"ask","text":"tea \"now\""})");
  EXPECT_EQ(written(), R"({"requestContext":{"routeKey":"ask","messageId":"ID","eventType":"MESSAGE","extendedRequestId":"ID",)"
                       R"("requestTime":"15/Jan/2027:08:05:00 +0000","messageDirection":"IN","stage":"prod","connectedAt":1800000000000,)"
                       R"("requestTimeEpoch":1800000300000,"identity":{"userAgent":"wscat/5","sourceIp":"192.0.2.7"},"requestId":"ID",)"
                       R"("domainName":"localhost:4566","connectionId":"L0SM9cOFvHcCIhw=","apiId":"a1b2c3d4e5"},)"
                       R"("body":"{\"action\":\"ask\",\"text\":\"tea \\\"now\\\"\"}","isBase64Encoded":false})");
}

TEST_F(EventsOfFunctions, OfDisconnect) {
  serve(api);
  disconnect({.code = 1005, .text = "Client-side close frame status not set"});
  EXPECT_EQ(written(),
            R"({"headers":{"Host":"localhost:4566","x-api-key":"","X-Forwarded-For":"","x-restapi":""},)"
            R"("multiValueHeaders":{"Host":["localhost:4566"],"x-api-key":[""],"X-Forwarded-For":[""],"x-restapi":[""]},)"
            R"("requestContext":{"routeKey":"$disconnect","disconnectStatusCode":1005,"eventType":"DISCONNECT","extendedRequestId":"ID",)"
            R"("requestTime":"15/Jan/2027:08:00:00 +0000","messageDirection":"IN",)"
            R"("disconnectReason":"Client-side close frame status not set","stage":"prod","connectedAt":1800000000000,)"
            R"("requestTimeEpoch":1800000000000,"identity":{"userAgent":"wscat/5","sourceIp":"192.0.2.7"},"requestId":"ID",)"
            R"("domainName":"localhost:4566","connectionId":"L0SM9cOFvHcCIhw=","apiId":"a1b2c3d4e5"},"isBase64Encoded":false})");
}

TEST_F(EventsOfFunctions, SayWhatTheAuthorizerAndIamSaidOfTheClient) {
  guards.authorizer = R"({"principalId":"ada","integrationLatency":12})";
  connection.record.identity = R"({"accountId":"111122223333","userArn":"arn:aws:iam::111122223333:user/ada"})";
  serve(api);
  ASSERT_TRUE(connect());
  send(R"({"action":"ask"})");
  for (size_t call : {0u, 1u}) {
    const json::Value context = *functions.event(call).find("requestContext");
    EXPECT_EQ(context.find("authorizer")->find("principalId")->as_string(), "ada");
    EXPECT_EQ(
        json::write(*context.find("identity")),
        R"({"accountId":"111122223333","userArn":"arn:aws:iam::111122223333:user/ada","userAgent":"wscat/5","sourceIp":"192.0.2.7"})");
  }
}

TEST_F(EventsOfFunctions, SayTheStagesVariables) {
  api.stage_record.variables["table"] = "chats";
  serve(api);
  send(R"({"action":"ask"})");
  EXPECT_EQ(json::write(*functions.event().find("stageVariables")), R"({"table":"chats"})");
}

TEST_F(EventsOfFunctions, TellEveryRequestAndMessageApart) {
  serve(api);
  send(R"({"action":"ask"})");
  send(R"({"action":"ask"})");
  const auto id = [&](size_t call, const char* name) {
    return std::string(functions.event(call).find("requestContext")->find(name)->as_string());
  };
  EXPECT_NE(id(0, "requestId"), id(1, "requestId"));
  EXPECT_NE(id(0, "messageId"), id(1, "messageId"));
  EXPECT_NE(id(0, "messageId"), id(0, "requestId"));
  EXPECT_EQ(id(0, "extendedRequestId"), id(0, "requestId"));
}

}  // namespace
}  // namespace outcrop::gateway
