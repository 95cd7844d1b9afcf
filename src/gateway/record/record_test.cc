// What CloudWatch and access logs say of events.
#include <gtest/gtest.h>

#include "gateway/event/execution_log.h"
#include "gateway/record/access_log_line.h"
#include "gateway/record/limits.h"
#include "gateway/testing/guard_rig.h"

namespace outcrop::gateway {

namespace {

class AnEvent : public testing::Test {
 protected:
  RouteEvent message() {
    RouteEvent event = rig.event_of(connection, RouteEvent::Type::message, "ask");
    event.message_id = "JjPcXcVtoAMCJzg=";
    event.integration_status = 200;
    event.integration_latency_ms = 12.4;
    return event;
  }
  double counted(std::string_view metric, std::string_view dimensions = "ApiId=a1b2c3d4e5;Stage=prod;") {
    return rig.metrics.sums[fmt::format("AWS/ApiGateway/{}{{{}}}", metric, dimensions)];
  }

  GuardRig rig;
  ConnectionContext connection = rig.connection();
};

TEST_F(AnEvent, IsLoggedAsTheFormatSays) {
  RouteEvent event = message();
  EXPECT_EQ(access_log_line("$context.requestId $context.eventType $context.routeKey [$context.requestTime] $context.status.", event),
            "JjPcXEU8oAMFpUw= MESSAGE ask [15/Jan/2027:08:00:00 +0000] 200.");
  EXPECT_EQ(
      access_log_line(R"({"ip":"$context.identity.sourceIp","ms":$context.integrationLatency,"at":$context.requestTimeEpoch})", event),
      R"({"ip":"127.0.0.1","ms":12,"at":1800000000000})");
}

TEST_F(AnEvent, WithoutAValueIsLoggedWithAHyphen) {
  EXPECT_EQ(access_log_line("$context.error.message $context.unheardOf $context. $other", message()), "- - - $other");
}

TEST_F(AnEvent, ThatFailedIsLoggedWithItsError) {
  RouteEvent event = message();
  event.error_message = "Endpoint \"request\" timed out";
  EXPECT_EQ(access_log_line("$context.error.messageString", event), R"("Endpoint \"request\" timed out")");
}

TEST_F(AnEvent, IsLoggedWithWhatTheAuthorizerAndIamSaid) {
  connection.record.authorizer = R"({"principalId":"ada","level":"7","integrationLatency":3})";
  connection.record.identity = R"({"apiKeyId":"web"})";
  RouteEvent event = message();
  EXPECT_EQ(access_log_line("$context.authorizer.principalId $context.authorizer.level $context.identity.apiKeyId", event), "ada 7 web");
}

TEST_F(AnEvent, GoesToTheStagesLogGroup) {
  rig.stage.access_log = {.destination_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:chat:*", .format = "$context.routeKey"};
  rig.record(message());
  rig.record(message());
  EXPECT_TRUE(rig.logs.lines.empty());
  rig.stop();
  EXPECT_EQ(rig.logs.lines, (std::vector<std::string>{"chat: ask", "chat: ask"}));
}

TEST_F(AnEvent, GoesToTheStagesExecutionLog) {
  rig.stage.default_route_settings.logging_level = "INFO";
  RouteEvent event = message();
  event.log = ExecutionLog::of(event, rig.test.clock);
  log_end(event);
  rig.record(event);
  rig.stop();
  EXPECT_EQ(rig.logs.lines,
            (std::vector<std::string>{"/aws/apigateway/a1b2c3d4e5/prod: (JjPcXEU8oAMFpUw=) Extended Request Id: JjPcXEU8oAMFpUw=",
                                      "/aws/apigateway/a1b2c3d4e5/prod: (JjPcXEU8oAMFpUw=) Message from client [Connection Id: "
                                      "L0SM9cOFvHcCIhw=] sent to API [a1b2c3d4e5] with response status code [200]."}));
}

TEST_F(AnEvent, OfAMessageIsCountedByApiAndStage) {
  rig.record(message());
  EXPECT_EQ(counted("MessageCount"), 1);
  EXPECT_EQ(counted("MessageCount", "ApiId=a1b2c3d4e5;"), 1);
  EXPECT_EQ(counted("MessageCount", "ApiId=a1b2c3d4e5;Stage=prod;Route=ask;"), 0);
  EXPECT_EQ(counted("IntegrationLatency"), 12.4);
  EXPECT_EQ(counted("ConnectCount"), 0);
  EXPECT_EQ(counted("ClientError"), 0);
}

TEST_F(AnEvent, IsCountedByRouteWhereTheStageWantsIt) {
  rig.stage.default_route_settings.detailed_metrics = true;
  rig.record(message());
  EXPECT_EQ(counted("MessageCount", "ApiId=a1b2c3d4e5;Stage=prod;Route=ask;"), 1);
  rig.stage.route_settings["ask"] = {.detailed_metrics = false};
  rig.record(message());
  EXPECT_EQ(counted("MessageCount", "ApiId=a1b2c3d4e5;Stage=prod;Route=ask;"), 1);
}

TEST_F(AnEvent, OfAConnectionIsCountedOnceItsIntegrationIsReached) {
  RouteEvent event = rig.event_of(connection, RouteEvent::Type::connect, "$connect");
  rig.record(event);
  EXPECT_EQ(counted("ConnectCount"), 1);
  event.status = 403;
  rig.record(event);
  EXPECT_EQ(counted("ConnectCount"), 1);
  EXPECT_EQ(counted("ClientError"), 1);
}

TEST_F(AnEvent, WhoseIntegrationRefusedIsAnIntegrationError) {
  RouteEvent event = message();
  event.integration_status = 403;
  event.status = 403;
  rig.record(event);
  EXPECT_EQ(counted("IntegrationError"), 1);
  EXPECT_EQ(counted("ClientError"), 0);
  EXPECT_EQ(counted("ExecutionError"), 0);
}

TEST_F(AnEvent, WhoseIntegrationCouldNotBeCalledIsAnExecutionError) {
  RouteEvent event = message();
  event.integration_status = std::nullopt;
  event.integration_error = "Invalid permissions on Lambda function";
  event.status = 500;
  rig.record(event);
  EXPECT_EQ(counted("ExecutionError"), 1);
  EXPECT_EQ(counted("IntegrationError"), 0);
}

TEST_F(AnEvent, OfAPostCountsAsAMessage) {
  ASSERT_TRUE(rig.guards->admit_post(connection));
  EXPECT_EQ(counted("MessageCount"), 1);
}

TEST_F(AnEvent, IsDroppedFromItsLogWhenTheDiskCannotKeepUp) {
  const LogSink::Stream to{"111122223333", "eu-central-1", "chat", "s"};
  LogQueue queue(rig.test.world, rig.logs);
  const std::string line(limits::log_bytes_waiting_max / 4, 'x');
  rig.test.run([](LogQueue& queue, LogSink::Stream to, std::string line) -> Task<void> {
    for (int i = 0; i < 6; ++i) queue.add(to, line);
    co_await queue.stop();
  }(queue, to, line));
  ASSERT_EQ(rig.logs.lines.size(), 5u);
  EXPECT_EQ(rig.logs.lines.front(), "chat: 2 lines before this one could not be stored in time.");
}

}  // namespace

}  // namespace outcrop::gateway
