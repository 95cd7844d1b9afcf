// The OpenAI-compatible routes over a model that does as the test says.
#include "services/bedrock-runtime/openai/openai_front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"
#include "gen/bedrock-runtime/errors.h"
#include "gen/bedrock-runtime/manifest.h"
#include "services/bedrock-runtime/testing/fixed_profiles.h"
#include "services/bedrock-runtime/testing/scripted_provider.h"

namespace outcrop::bedrock_runtime {

using namespace testing;

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view chat_path = "/openai/v1/chat/completions";

// The JSON of server-sent events.
std::vector<json::Value> events_of(std::string_view text) {
  std::vector<json::Value> events;
  while (!text.empty()) {
    EXPECT_TRUE(text.starts_with("data: ")) << text;
    const size_t end = text.find("\n\n");
    if (end == std::string_view::npos) break;
    auto event = json::parse(text.substr(6, end - 6));
    events.push_back(event ? std::move(*event) : json::Value(text.substr(6, end - 6)));
    text.remove_prefix(end + 2);
  }
  return events;
}

// Deltas of the only choice, as JSON text.
std::vector<std::string> deltas_of(const std::vector<json::Value>& events) {
  std::vector<std::string> deltas;
  for (const json::Value& event : events) {
    const json::Value* choices = event.find("choices");
    if (choices && !choices->as_array().empty()) deltas.push_back(json::write(*choices->as_array()[0].find("delta")));
  }
  return deltas;
}

class OpenAiRoutes : public ::testing::Test {
 public:
  OpenAiRoutes() {
    directory.add(model, bedrock, {.throttled = {"ThrottlingException", 429, "Too many requests."}, .body_bytes_max = 10'000});
    provider.script.events = {piece("Hello"), piece(" there"), inference::BlockStop{0}, inference::AnswerEnd(),
                              inference::AnswerUsage{{.input = 30, .output = 2, .cache_read = 10}}};
    make_front(auth::Mode::open, {});
  }

  void make_front(auth::Mode mode, auth::Authorities authorities, auth::WebGuardConfig web_guard = {}) {
    authenticator.emplace(test.clock, mode, std::move(authorities));
    front.emplace(test.world, directory, *authenticator, bedrock, ApiFrontOptions{.web_guard = std::move(web_guard)});
  }

  static net::RequestHead head(std::string method, std::string_view path) {
    return {.method = std::move(method), .path = std::string(path), .host = "localhost:4566", .headers = {{"host", "localhost:4566"}}};
  }
  TestExchange serve(net::RequestHead request, std::string body = "") {
    TestExchange exchange(std::move(request), std::move(body));
    test.run(front->serve(exchange));
    return exchange;
  }
  TestExchange ask(std::string_view more = "", std::string_view model_id = "amazon.nova-lite-v1:0") {
    return serve(head("POST", chat_path), body(more, model_id));
  }
  static std::string body(std::string_view more, std::string_view model_id = "amazon.nova-lite-v1:0") {
    return fmt::format(R"({{"model":"{}","messages":[{{"role":"user","content":"Hi"}}]{}{}}})", model_id, more.empty() ? "" : ",", more);
  }
  static std::string error_of(const TestExchange& exchange) {
    auto parsed = json::parse(exchange.answer);
    const json::Value* error = parsed ? parsed->find("error") : nullptr;
    if (!error) return "no error: " + exchange.answer;
    return fmt::format("{} {} {}: {}", exchange.status(), error->find("type")->as_string(), error->find("code")->as_string(),
                       error->find("message")->as_string());
  }
  // That so many tokens are left of a minute's, and not one more.
  void expect_tokens_charged(double charged) {
    Call call{.world = test.world, .identity = {.account = "000000000000"}, .region = "us-east-1"};
    const ModelTarget target = *model_target(catalog, call, "amazon.nova-lite-v1:0");
    const auto left = int64_t(target.model->quotas.at("onDemandTpm").in(call.region) - charged);
    EXPECT_FALSE(test.run(bedrock.quotas().reserve(call, target, {.input_tokens = left + 1})));
    EXPECT_TRUE(test.run(bedrock.quotas().reserve(call, target, {.input_tokens = left})));
  }
  std::string_view operation_metric(std::string_view text) {
    metrics_text = metrics.prometheus_text();
    const size_t at = metrics_text.find(text);
    if (at == std::string::npos) return "";
    return std::string_view(metrics_text).substr(at + text.size(), metrics_text.find('\n', at) - at - text.size());
  }

  TestWorld test;
  Metrics metrics{2};
  FaultInjection faults{test.random};
  Admission admission{faults, {{.service = "bedrock-runtime", .operation = "InvokeModel", .rate_per_second = 1, .burst = 10}}};
  Directory directory{admission, metrics};
  inference::Catalog catalog;
  ScriptedProvider provider;
  NotedMetrics noted;
  FixedProfiles profiles;
  QuotaBook quota_book;
  telemetry::Telemetry telemetry{test.world};
  BedrockRuntime bedrock{{test.world, catalog, profiles, provider, quota_book, noted, metrics, telemetry}};
  std::optional<auth::Authenticator> authenticator;
  std::optional<OpenAiFront> front;
  std::string metrics_text;
};

TEST_F(OpenAiRoutes, AWholeAnswerIsACompletion) {
  const TestExchange exchange = ask();
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_EQ(exchange.response->headers.get("x-outcrop-ratelimit-remaining-requests"), "1999");
  EXPECT_EQ(exchange.response->headers.get("content-type"), "application/json");
  EXPECT_EQ(exchange.response->headers.get("x-request-id").size(), 36);
  json::Value answer = *json::parse(exchange.answer);
  EXPECT_TRUE(answer.find("id")->as_string().starts_with("chatcmpl-"));
  answer.as_object().erase("id");
  EXPECT_EQ(answer, *json::parse(R"({"object":"chat.completion","created":1800000000,"model":"amazon.nova-lite-v1:0","choices":[{"index":0,
    "message":{"role":"assistant","content":"Hello there","refusal":null},"logprobs":null,"finish_reason":"stop"}],
    "usage":{"prompt_tokens":40,"completion_tokens":2,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}})"))
      << exchange.answer;
  EXPECT_FALSE(provider.script.streamed);
  EXPECT_THAT(noted.names, Contains("Invocations"));
}

TEST_F(OpenAiRoutes, ThoughtsStandApartAndCallsHaveNoText) {
  provider.script.events = {inference::BlockDelta{0, inference::ReasoningDelta{.text = "Hmm"}},
                            inference::BlockStop{0},
                            inference::BlockStart{1, {"c1", "get_weather"}},
                            inference::BlockDelta{1, inference::ToolInputDelta{R"({"city":"Lisbon"})"}},
                            inference::BlockStop{1},
                            inference::AnswerEnd{.reason = inference::StopReason::tool_use},
                            inference::AnswerUsage{{30, 9}}};
  const json::Value answer = *json::parse(ask().answer);
  const json::Value& choice = answer.find("choices")->as_array().at(0);
  EXPECT_EQ(*choice.find("message"), *json::parse(R"({"role":"assistant","content":null,"refusal":null,"reasoning":"Hmm","tool_calls":[
    {"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Lisbon\"}"}}]})"));
  EXPECT_EQ(choice.find("finish_reason")->as_string(), "tool_calls");
}

TEST_F(OpenAiRoutes, AStreamIsARoleDeltasAReasonAndTheWordThatItIsDone) {
  const TestExchange exchange = ask(R"("stream":true)");
  EXPECT_EQ(exchange.response->headers.get("content-type"), "text/event-stream; charset=utf-8");
  const std::vector<json::Value> events = events_of(exchange.answer);
  EXPECT_THAT(deltas_of(events),
              ElementsAre(R"({"role":"assistant","content":""})", R"({"content":"Hello"})", R"({"content":" there"})", "{}"));
  EXPECT_EQ(events.at(3).find("choices")->as_array()[0].find("finish_reason")->as_string(), "stop");
  EXPECT_EQ(events.back(), json::Value("[DONE]"));
  EXPECT_EQ(exchange.answer.find("\"usage\""), std::string::npos);
  EXPECT_TRUE(exchange.finished);
  EXPECT_TRUE(provider.script.streamed);
  expect_tokens_charged(32);
}

TEST_F(OpenAiRoutes, UsageComesInAChunkOfItsOwnWhenItIsAskedFor) {
  const std::vector<json::Value> events = events_of(ask(R"("stream":true,"stream_options":{"include_usage":true})").answer);
  ASSERT_EQ(events.size(), 6);
  EXPECT_TRUE(events[0].find("usage")->is_null());
  EXPECT_TRUE(events[4].find("choices")->as_array().empty());
  EXPECT_EQ(*events[4].find("usage"), *json::parse(R"({"prompt_tokens":40,"completion_tokens":2,"total_tokens":42,
    "prompt_tokens_details":{"cached_tokens":10}})"));
}

TEST_F(OpenAiRoutes, ATokenLeavesBeforeTheNextIsMade) {
  TestExchange exchange(head("POST", chat_path), body(R"("stream":true)"));
  std::vector<int> asked;
  exchange.before_write = [&]() -> Task<Result<void>> {
    asked.push_back(provider.script.asked);
    co_return {};
  };
  test.run(front->serve(exchange));
  ASSERT_GE(asked.size(), 2);
  EXPECT_EQ(asked[0], 1);
  EXPECT_EQ(asked[1], 2);
}

TEST_F(OpenAiRoutes, AFaultBeforeTheFirstTokenIsAPlainError) {
  provider.script.refusal = model_not_ready_exception("Loading.");
  const TestExchange exchange = ask(R"("stream":true)");
  EXPECT_EQ(error_of(exchange), "429 rate_limit_error rate_limit_exceeded: Loading.");
  EXPECT_EQ(exchange.response->headers.get("content-type"), "application/json");
  EXPECT_EQ(exchange.response->headers.get("x-amzn-errortype"), "ModelNotReadyException");
  expect_tokens_charged(0);
}

TEST_F(OpenAiRoutes, ALaterFaultIsAnEventAndTheEnd) {
  provider.script.events = {piece("Hello"), piece(" there"), fail("ModelStreamErrorException", 424, "Lost.")};
  const TestExchange exchange = ask(R"("stream":true)");
  const std::vector<json::Value> events = events_of(exchange.answer);
  EXPECT_EQ(events.back(),
            *json::parse(R"({"error":{"message":"Lost.","type":"server_error","param":null,"code":"ModelStreamErrorException"}})"));
  EXPECT_TRUE(exchange.finished);
  EXPECT_TRUE(provider.script.closed);
  EXPECT_THAT(noted.names, Not(Contains("Invocations")));
  expect_tokens_charged(counted_input_tokens + 2);
  EXPECT_EQ(
      operation_metric(
          R"(outcrop_errors_total{service="bedrock-runtime",operation="InvokeModelWithResponseStream",code="ModelStreamErrorException"} )"),
      "1");
}

TEST_F(OpenAiRoutes, AReaderThatGoesEndsTheModelsWorkAndPaysForWhatItGot) {
  TestExchange exchange(head("POST", chat_path), body(R"("stream":true)"));
  exchange.before_write = []() -> Task<Result<void>> { co_return fail("ConnectionClosed", 499, "Gone."); };
  test.run(front->serve(exchange));
  EXPECT_TRUE(exchange.writes.empty());
  EXPECT_FALSE(exchange.finished);
  EXPECT_TRUE(provider.script.closed);
  EXPECT_EQ(provider.script.asked, 1);
  expect_tokens_charged(counted_input_tokens + 1);
}

TEST_F(OpenAiRoutes, CountsAsInvokeModel) {
  ask();
  ask(R"("stream":true)");
  EXPECT_EQ(operation_metric(R"(outcrop_calls_total{service="bedrock-runtime",operation="InvokeModel"} )"), "1");
  EXPECT_EQ(operation_metric(R"(outcrop_calls_total{service="bedrock-runtime",operation="InvokeModelWithResponseStream"} )"), "1");
}

TEST_F(OpenAiRoutes, IsThrottledAndFaultedAsInvokeModel) {
  for (int call = 0; call < 10; ++call) provider.script.events = {inference::AnswerEnd(), inference::AnswerUsage{{1, 1}}}, ask();
  EXPECT_EQ(error_of(ask()), "429 rate_limit_error rate_limit_exceeded: Too many requests.");
  test.advance(Seconds(5));
  faults.add({.service = "bedrock-runtime", .operation = "InvokeModel", .error = Fault{"ServiceUnavailableException", 503, "Injected."}});
  EXPECT_EQ(error_of(ask()), "503 server_error ServiceUnavailableException: Injected.");
  faults.add({.service = "bedrock-runtime", .operation = "InvokeModelWith*", .drop_connection = true});
  EXPECT_TRUE(ask(R"("stream":true)").aborted);
}

TEST_F(OpenAiRoutes, SaysWhatIsWrongWithARequest) {
  EXPECT_EQ(error_of(ask("", "gpt-4o")), "404 invalid_request_error not_found_error: The model 'gpt-4o' does not exist");
  EXPECT_EQ(error_of(ask("", "cohere.rerank-v3-5:0")),
            "400 invalid_request_error validation_error: model `cohere.rerank-v3-5:0` isn't supported on this route");
  EXPECT_EQ(error_of(ask(R"("max_tokens":99999999)")).substr(0, 72),
            "400 invalid_request_error validation_error: max_tokens is too large: 999");
  EXPECT_THAT(error_of(ask("", "anthropic.claude-sonnet-4-5-20250929-v1:0")), HasSubstr("on-demand throughput isn"));
  EXPECT_THAT(error_of(serve(head("POST", chat_path), "{")), HasSubstr("400 invalid_request_error validation_error: Malformed"));
}

TEST_F(OpenAiRoutes, RefusesLongBodiesAndWhatIsNotThere) {
  EXPECT_EQ(serve(head("POST", chat_path), std::string(10'001, ' ')).status(), 413);
  EXPECT_EQ(error_of(serve(head("POST", "/v1/responses"), "{}")),
            "404 invalid_request_error not_found_error: Outcrop does not have POST /v1/responses: of this API it has chat/completions and "
            "models.");
  EXPECT_EQ(serve(head("GET", chat_path)).status(), 405);
}

TEST_F(OpenAiRoutes, GuardrailsAndTracesAreRefusedByName) {
  net::RequestHead request = head("POST", chat_path);
  request.headers.add("X-Amzn-Bedrock-GuardrailIdentifier", "abc");
  EXPECT_THAT(error_of(serve(std::move(request), body(""))), HasSubstr("Guardrails are not supported yet"));
}

TEST_F(OpenAiRoutes, AnIdMayLeaveItsVersionOutAndIsAnsweredAsItWasAsked) {
  const json::Value answer = *json::parse(ask("", "openai.gpt-oss-20b").answer);
  EXPECT_EQ(answer.find("model")->as_string(), "openai.gpt-oss-20b");
}

TEST_F(OpenAiRoutes, ListsWhatCanBeAsked) {
  const TestExchange exchange = serve(head("GET", "/v1/models"));
  const json::Value answer = *json::parse(exchange.answer);
  EXPECT_EQ(answer.find("object")->as_string(), "list");
  std::vector<std::string> ids;
  for (const json::Value& entry : answer.find("data")->as_array()) ids.emplace_back(entry.find("id")->as_string());
  EXPECT_THAT(ids, Contains("openai.gpt-oss-20b-1:0"));
  EXPECT_THAT(ids, Contains("us.anthropic.claude-sonnet-4-5-20250929-v1:0"));
  EXPECT_THAT(ids, Not(Contains("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")));  // of other Regions
  EXPECT_THAT(ids, Not(Contains("anthropic.claude-sonnet-4-5-20250929-v1:0")));     // by a profile only
  EXPECT_THAT(ids, Not(Contains("cohere.rerank-v3-5:0")));
  EXPECT_THAT(ids, Not(Contains("amazon.titan-embed-text-v2:0")));
}

TEST_F(OpenAiRoutes, DescribesAModel) {
  const TestExchange exchange = serve(head("GET", "/openai/v1/models/openai.gpt-oss-20b-1%3A0"));
  json::Value answer = *json::parse(exchange.answer);
  EXPECT_EQ(answer.find("id")->as_string(), "openai.gpt-oss-20b-1:0");
  EXPECT_EQ(answer.find("owned_by")->as_string(), "OpenAI");
  EXPECT_EQ(error_of(serve(head("GET", "/v1/models/gpt-4o"))),
            "404 invalid_request_error not_found_error: The model 'gpt-4o' does not exist");
}

TEST_F(OpenAiRoutes, EnforcedKeysAreAskedForAsOpenAiDoes) {
  make_front(auth::Mode::enforce, {.bearer_keys = *auth::BearerKeys::from({{.key = "secret", .account = "111122223333"}})});
  EXPECT_THAT(error_of(ask()), HasSubstr("401 authentication_error invalid_api_key: "));
  net::RequestHead wrong = head("POST", chat_path), right = head("POST", chat_path);
  wrong.headers.add("authorization", "Bearer guessed");
  right.headers.add("authorization", "Bearer secret");
  EXPECT_EQ(error_of(serve(std::move(wrong), body(""))),
            "401 authentication_error invalid_api_key: Authentication failed: Please make sure your API Key is valid.");
  EXPECT_EQ(serve(std::move(right), body("")).status(), 200);
}

TEST_F(OpenAiRoutes, AForeignPageMayNotAskInOpenMode) {
  net::RequestHead request = head("POST", chat_path);
  request.headers.add("origin", "https://evil.example");
  EXPECT_EQ(serve(std::move(request), body("")).status(), 403);
}

TEST(OpenAiRoutesTake, WhatIsSignedForBedrockOrForNobody) {
  auto signed_for = [](std::string_view service) {
    net::RequestHead head{.method = "GET", .path = "/openai/v1/models"};
    head.headers.add("authorization",
                     fmt::format("AWS4-HMAC-SHA256 Credential=test/20270115/us-east-1/{}/aws4_request, SignedHeaders=host, "
                                 "Signature={}",
                                 service, std::string(64, '0')));
    return head;
  };
  EXPECT_TRUE(OpenAiFront::takes({.method = "GET", .path = "/openai/v1/models"}));
  EXPECT_TRUE(OpenAiFront::takes(signed_for("bedrock")));
  EXPECT_TRUE(OpenAiFront::takes(signed_for("bedrock-mantle")));
  EXPECT_FALSE(OpenAiFront::takes(signed_for("s3")));
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
