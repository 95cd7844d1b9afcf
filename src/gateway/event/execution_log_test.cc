// What an execution log says of events, by what their stage asks for.
#include "gateway/event/execution_log.h"

#include <fmt/format.h>

#include <regex>

#include "gateway/event/redaction.h"
#include "gateway/event/testing/event_harness.h"

namespace outcrop::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct AnExecutionLog : EventHarness {
  AnExecutionLog() { wants("INFO"); }

  void wants(std::string level, bool data_trace = false) {
    api.stage_record.default_route_settings.logging_level = std::move(level);
    api.stage_record.default_route_settings.data_trace = data_trace;
  }
  // What was logged since, with ids and times as "ID" and "N"; every line begins with the request's id.
  std::vector<std::string> lines() {
    static const std::regex request("^\\(([A-Za-z0-9+/]{15}=)\\) "), latency("latency: [0-9]+ ms");
    std::vector<std::string> said;
    for (const std::string& line : std::exchange(guards.logged, {})) {
      std::smatch id;
      EXPECT_TRUE(std::regex_search(line, id, request)) << line;
      std::string text = line.substr(id.length());
      for (size_t at; (at = text.find(id[1].str())) != std::string::npos;) text.replace(at, id[1].length(), "ID");
      said.push_back(std::regex_replace(text, latency, "latency: N ms"));
    }
    return said;
  }

  ApiMaker api;
};

constexpr const char* ask_url =
    "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:ask/invocations";

TEST_F(AnExecutionLog, FollowsAConnectionFromItsBeginningToItsEnd) {
  api.function_route("$connect");
  api.function_route("ask");
  api.function_route("$disconnect");
  serve(api);
  functions.answers.push_back(FunctionAnswer{.payload = R"({"statusCode":200})", .error = {}, .request_id = "f-1"});
  ASSERT_TRUE(connect());
  EXPECT_THAT(lines(), ElementsAre("Extended Request Id: ID", "Starting execution for request: ID", "WebSocket Request Route: [$connect]",
                                   "Client [UserAgent: wscat/5, SourceIp: 192.0.2.7] is connecting to WebSocket API [a1b2c3d4e5].",
                                   fmt::format("Sending request to {}", ask_url),
                                   "Received response. Status: 200, Integration latency: N ms", "AWS Integration Endpoint RequestId : f-1",
                                   "Client [Connection Id: L0SM9cOFvHcCIhw=] connected to API [a1b2c3d4e5] successfully."));
  send(R"({"action":"ask"})");
  EXPECT_THAT(
      lines(),
      ElementsAre("Extended Request Id: ID", "Starting execution for request: ID", "WebSocket Request Route: [ask]",
                  "WebSocket API [a1b2c3d4e5] received message from client [Connection Id: L0SM9cOFvHcCIhw=].",
                  fmt::format("Sending request to {}", ask_url), "Received response. Status: 200, Integration latency: N ms",
                  "Message from client [Connection Id: L0SM9cOFvHcCIhw=] sent to API [a1b2c3d4e5] with response status code [200]."));
  disconnect();
  EXPECT_THAT(lines().back(),
              "Client [Connection Id: L0SM9cOFvHcCIhw=] disconnected from API [a1b2c3d4e5] with integration response status code [200]. "
              "Close reason: [1000: bye]");
}

TEST_F(AnExecutionLog, IsSilentWhereItIsOff) {
  api.function_route("ask");
  for (const char* level : {"OFF", ""}) {
    wants(level, true);
    serve(api);
    send(R"({"action":"ask"})");
  }
  api.stage_record.default_route_settings.logging_level.reset();
  serve(api);
  send(R"({"action":"ask"})");
  EXPECT_EQ(guards.recorded.size(), 3u);
  EXPECT_THAT(guards.logged, IsEmpty());
}

TEST_F(AnExecutionLog, GoesByTheRoutesOwnSettingsFirst) {
  api.function_route("ask");
  api.function_route("quiet");
  api.stage_record.route_settings["quiet"] = {.logging_level = "OFF"};
  serve(api);
  send(R"({"action":"quiet"})");
  EXPECT_THAT(lines(), IsEmpty());
  send(R"({"action":"ask"})");
  EXPECT_FALSE(lines().empty());
}

TEST_F(AnExecutionLog, OfErrorsSaysNothingOfWhatWentWell) {
  wants("ERROR", true);
  api.function_route("$connect");
  serve(api);
  ASSERT_TRUE(connect());
  EXPECT_THAT(lines(), IsEmpty());
  EXPECT_NE(send(R"({"action":"dance"})"), "");
  EXPECT_THAT(lines(), ElementsAre("Execution failed: Forbidden"));
}

TEST_F(AnExecutionLog, SaysWhatAFunctionFailedWith) {
  wants("ERROR");
  api.function_route("ask");
  serve(api);
  functions.answers.push_back(
      FunctionAnswer{.payload = R"({"errorType":"Error","errorMessage":"no database"})", .error = "Unhandled", .request_id = "f-1"});
  send(R"({"action":"ask"})");
  EXPECT_THAT(lines(),
              ElementsAre("Lambda execution failed with status 200 due to customer function error: no database. Lambda request id: f-1"));
  functions.answers.push_back(fail("TooManyRequestsException", 429, "Rate Exceeded."));
  send(R"({"action":"ask"})");
  EXPECT_THAT(lines(), ElementsAre("Lambda invocation failed with status: 429. Rate Exceeded."));
  functions.answers.push_back(fail("AccessDeniedException", 403, "Invalid permissions on Lambda function"));
  send(R"({"action":"ask"})");
  EXPECT_THAT(lines(), ElementsAre("Execution failed due to configuration error: Invalid permissions on Lambda function"));
  functions.answer("[]");
  send(R"({"action":"ask"})");
  EXPECT_THAT(lines(), ElementsAre("Execution failed due to configuration error: Malformed Lambda proxy response: it is no object"));
}

TEST_F(AnExecutionLog, DoesNotCallARefusalOfTheIntegrationAFailure) {
  wants("ERROR");
  api.function_route("$connect");
  serve(api);
  functions.answer(R"({"statusCode":403})");
  EXPECT_FALSE(connect());
  EXPECT_THAT(lines(), IsEmpty());
  wants("INFO");
  serve(api);
  functions.answer(R"({"statusCode":403})");
  EXPECT_FALSE(connect());
  EXPECT_EQ(lines().back(),
            "Client [Connection Id: L0SM9cOFvHcCIhw=] was refused by API [a1b2c3d4e5] with integration response status code [403].");
}

TEST_F(AnExecutionLog, ThatTracesDataHasRequestsAndAnswers) {
  wants("INFO", true);
  api.function_route("ask");
  serve(api);
  functions.answer(R"({"statusCode":200,"body":"because"})");
  send(R"({"action":"ask","question":"why?"})");
  const std::vector<std::string> said = lines();
  EXPECT_THAT(said, testing::Contains(R"(Method request body before transformations: {"action":"ask","question":"why?"})"));
  EXPECT_THAT(said, testing::Contains(fmt::format("Endpoint request URI: {}", ask_url)));
  EXPECT_THAT(said, testing::Contains(HasSubstr("Endpoint request body after transformations: {\"requestContext\"")));
  EXPECT_THAT(said, testing::Contains(R"(Endpoint response body before transformations: {"statusCode":200,"body":"because"})"));
}

TEST_F(AnExecutionLog, CutsWhatIsLongerThanALineBetweenCharacters) {
  wants("INFO", true);
  api.function_route("$default");
  serve(api);
  std::string text;
  while (text.size() < 2 * limits::execution_log_line_max) text += "ü";
  send(text);
  const std::vector<std::string> said = lines();
  const auto body = std::ranges::find_if(said, [](const std::string& line) { return line.starts_with("Method request body"); });
  ASSERT_NE(body, said.end());
  EXPECT_THAT(*body, testing::EndsWith("ü [TRUNCATED]"));
  EXPECT_LE(body->size(), limits::execution_log_line_max + std::string_view(" [TRUNCATED]").size());
}

TEST(ARedaction, LeavesTheEndOfSecretsByWhichTheirOwnerKnowsThem) {
  EXPECT_EQ(masked("wsk-of-the-web-client-01"), "******************ent-01");
  EXPECT_EQ(masked("short"), "*****");
  EXPECT_EQ(redacted(net::Headers{{"Host", "localhost"}, {"x-api-key", "wsk-of-the-web-client-01"}}),
            "{Host=localhost, x-api-key=******************ent-01}");
  EXPECT_EQ(redacted(R"({"headers":{"X-API-Key":"secret"},"multiValueHeaders":{"X-API-Key":["secret"]},"n":1.50})"),
            R"({"headers":{"X-API-Key":"******"},"multiValueHeaders":{"X-API-Key":["******"]},"n":1.50})");
  EXPECT_EQ(redacted(R"({ "kept" : "as it is" })"), R"({ "kept" : "as it is" })");
  EXPECT_EQ(redacted("authorization: none of it is JSON"), "authorization: none of it is JSON");
}

}  // namespace
}  // namespace outcrop::gateway
