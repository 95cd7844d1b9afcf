// Another Bedrock as a provider: what is asked and by whom, what is passed on and when, and what becomes of failures.
#include "inference/bedrock/bedrock_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/endpoints/server_fault.h"
#include "inference/testing/upstream_rig.h"

namespace outcrop::inference {
namespace {

using test::asking_upstream;
using test::collect_from;
using test::no_upstream;
using test::text_said;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TestCredentials final : public auth::CredentialSource {
 public:
  Task<Result<auth::IssuedCredentials>> load() override { co_return auth::IssuedCredentials{{"AKIDEXAMPLE", "secret", "token"}, {}}; }
};

net::Url base_of_upstream(const net::TestServer& server) { return net::url_of(server.endpoint, ""); }

class UpstreamRig : public net::LoopRig {
 public:
  explicit UpstreamRig(std::vector<net::Url> urls, BedrockOptions options = {.timeout = net::generous})
      : provider(regions_at(std::move(urls), std::move(options)),
                 std::make_unique<auth::CredentialCache>(std::make_unique<TestCredentials>(), net::test_clock),
                 {clients, net::test_clock, metrics}) {}

  Result<CollectedAnswer> collected(ModelRequest request) {
    return run([&]() -> Task<Result<CollectedAnswer>> { return collect_from(provider, std::move(request)); });
  }

  Metrics metrics{1};
  BedrockProvider provider;

 private:
  static BedrockOptions regions_at(std::vector<net::Url> urls, BedrockOptions options) {
    int number = 0;
    for (net::Url& url : urls) options.regions.push_back({fmt::format("us-test-{}", ++number), std::move(url)});
    return options;
  }
};

std::string frame(std::string kind, std::string type, std::string payload) {
  wire::Message message{{{":message-type", kind}, {kind == "event" ? ":event-type" : ":exception-type", type}}, std::move(payload)};
  std::string out;
  EXPECT_TRUE(wire::append_message(message, out));
  return out;
}
std::string event_frame(std::string type, std::string payload) { return frame("event", std::move(type), std::move(payload)); }
std::string said_upstream(std::string_view text) {
  return event_frame("contentBlockDelta", fmt::format(R"({{"contentBlockIndex":0,"delta":{{"text":"{}"}},"p":"abc"}})", text));
}
const std::string begun_upstream = event_frame("messageStart", R"({"role":"assistant","p":"abcdefg"})");
const std::string over_upstream =
    event_frame("contentBlockStop", R"({"contentBlockIndex":0})") + event_frame("messageStop", R"({"stopReason":"end_turn"})") +
    event_frame("metadata",
                R"({"usage":{"inputTokens":11,"outputTokens":2,"totalTokens":13,"cacheReadInputTokens":5},"metrics":{"latencyMs":3},)"
                R"("performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"priority"}})");
const std::string whole_upstream =
    R"({"output":{"message":{"role":"assistant","content":[{"text":"Hello there"}]}},"stopReason":"end_turn",)"
    R"("usage":{"inputTokens":7,"outputTokens":3,"totalTokens":10},"metrics":{"latencyMs":5},"serviceTier":{"type":"flex"}})";

const net::ResponseHead event_stream_head{200, {{"content-type", "application/vnd.amazon.eventstream"}}};
const net::ResponseHead upstream_json_head{200, {{"content-type", "application/json"}}};

Task<void> stream_of(net::Exchange& exchange, std::string bytes) {
  (void)co_await exchange.start(event_stream_head);
  (void)co_await exchange.write(bytes);
  (void)co_await exchange.finish();
}

net::FunctionHandler::Function refusing(int status, std::string type, std::string message) {
  return [=](net::Exchange& exchange) -> Task<void> {
    net::ResponseHead head{status, {{"content-type", "application/json"}}};
    if (!type.empty()) head.headers.add("x-amzn-errortype", type + ":http://internal.example.com/");
    (void)co_await exchange.respond(std::move(head), fmt::format(R"({{"message":"{}"}})", message));
  };
}

net::FunctionHandler::Function well_upstream() {
  return [](net::Exchange& exchange) { return stream_of(exchange, begun_upstream + said_upstream("Hello") + over_upstream); };
}

TEST(BedrockProvider, AWholeAnswerIsAskedForInConversesWordsAndSigned) {
  std::string path, authorization, token, body;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    path = exchange.head().path;
    authorization = exchange.head().headers.get("authorization");
    token = exchange.head().headers.get("x-amz-security-token");
    body = *co_await exchange.read_body(10'000);
    (void)co_await exchange.respond(upstream_json_head, whole_upstream);
  });
  UpstreamRig rig({base_of_upstream(server)});
  ModelRequest request = asking_upstream("Hello?", false);
  request.conversation.parameters = {.max_tokens = 50, .temperature = 0.7f, .top_p = {}, .stop_sequences = {"END"}};
  request.metadata = {{"team", "search"}};
  request.tier = ServiceTier::flex;
  auto answer = rig.collected(std::move(request));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_said(*answer), "Hello there");
  EXPECT_EQ(answer->usage.input, 7);
  EXPECT_EQ(answer->end.reason, StopReason::end_turn);
  EXPECT_EQ(path, "/model/amazon.nova-lite-v1%3A0/converse");
  EXPECT_THAT(authorization, AllOf(HasSubstr("Credential=AKIDEXAMPLE/"), HasSubstr("/us-test-1/bedrock/aws4_request")));
  EXPECT_EQ(token, "token");
  EXPECT_EQ(body, R"({"messages":[{"role":"user","content":[{"text":"Hello?"}]}],"inferenceConfig":{"maxTokens":50,"temperature":0.7,)"
                  R"("stopSequences":["END"]},"serviceTier":{"type":"flex"},"requestMetadata":{"team":"search"}})");
}

TEST(BedrockProvider, AKeyIsSentInsteadOfASignature) {
  std::string authorization;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    authorization = exchange.head().headers.get("authorization");
    (void)co_await exchange.respond(upstream_json_head, whole_upstream);
  });
  UpstreamRig rig({base_of_upstream(server)}, {.api_key = "bedrock-api-key-x", .timeout = net::generous});
  ASSERT_TRUE(rig.collected(asking_upstream("Hello?", false)));
  EXPECT_EQ(authorization, "Bearer bedrock-api-key-x");
}

TEST(BedrockProvider, TheModelIsTheOneThatWasAskedForOrTheConfiguredOne) {
  std::string path;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    path = exchange.head().path;
    (void)co_await exchange.respond(upstream_json_head, whole_upstream);
  });
  auto path_for = [&](std::string configured) {
    UpstreamRig rig({base_of_upstream(server)}, {.upstream_model = std::move(configured), .timeout = net::generous});
    ModelRequest request = asking_upstream("Hello?", false);
    request.asked_id = "us.amazon.nova-lite-v1:0";
    EXPECT_TRUE(rig.collected(std::move(request)));
    return path;
  };
  EXPECT_EQ(path_for(""), "/model/us.amazon.nova-lite-v1%3A0/converse");
  EXPECT_EQ(path_for("eu.*"), "/model/eu.amazon.nova-lite-v1%3A0/converse");
  EXPECT_EQ(path_for("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"),
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc/converse");
}

TEST(BedrockProvider, AStreamIsPassedOnWhileItIsMade) {
  net::Gate gate;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start(event_stream_head);
    const std::string first = begun_upstream + said_upstream("Hel");
    (void)co_await exchange.write(first.substr(0, 40));
    (void)co_await exchange.write(first.substr(40));
    co_await gate.pass();
    (void)co_await exchange.write(said_upstream("lo") + over_upstream);
    (void)co_await exchange.finish();
  });
  UpstreamRig rig({base_of_upstream(server)});
  Latency latency{};
  ServiceTier tier{};
  auto read = [&]() -> Task<Result<CollectedAnswer>> {
    auto answer = co_await rig.provider.answer(asking_upstream("Hello?"));
    Collector collector;
    collector.take(**co_await keep(answer->next()));
    gate.open();  // the first piece is here, the last is not sent yet
    while (auto event = co_await answer->next()) collector.take(std::move(*event));
    latency = answer->latency;
    tier = answer->tier;
    co_return collector.finish();
  };
  auto answer = rig.run(read);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_said(*answer), "Hello");
  EXPECT_EQ(answer->usage.input, 11);
  EXPECT_EQ(answer->usage.cache_read, 5);
  EXPECT_EQ(latency, Latency::optimized);
  EXPECT_EQ(tier, ServiceTier::priority);
}

TEST(BedrockProvider, ErrorsKeepTheirNames) {
  struct Case {
    int status;
    std::string type, message, code;
    int told_status;
    std::string words;
  };
  for (const Case& c : std::vector<Case>{
           {400, "ValidationException", "too long", "ValidationException", 400, "too long"},
           {404, "ResourceNotFoundException", "no model of 123456789012", "ResourceNotFoundException", 404, "no model of ************"},
           {429, "ThrottlingException", "slow down", "ThrottlingException", 429, "slow down"},
           {429, "", "slow down", "ThrottlingException", 429, "slow down"},
           {408, "ModelTimeoutException", "too slow", "ModelTimeoutException", 408, "too slow"},
           {424, "ModelErrorException", "odd", "ModelErrorException", 424, "odd"},
           {503, "ServiceUnavailableException", "later", "ServiceUnavailableException", 503, "later"},
           {500, "InternalServerException", "oops", "InternalServerException", 500, "oops"},
           {502, "", "bad gateway", "ModelErrorException", 424, "502"},
       }) {
    net::TestServer server(refusing(c.status, c.type, c.message));
    UpstreamRig rig({base_of_upstream(server)});
    auto answer = rig.collected(asking_upstream("Hello?"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, c.code) << c.status;
    EXPECT_EQ(answer.error().status, c.told_status);
    EXPECT_THAT(answer.error().message, HasSubstr(c.words));
  }
}

TEST(BedrockProvider, WhoIsRefusedItselfDoesNotPassOnWhatIsSaidAboutIt) {
  net::TestServer server(refusing(403, "AccessDeniedException", "User arn:aws:iam::123456789012:user/eve is not authorized"));
  UpstreamRig rig({base_of_upstream(server)});
  auto answer = rig.collected(asking_upstream("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ModelErrorException");
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("AccessDeniedException"), Not(HasSubstr("eve")), Not(HasSubstr("arn"))));
}

TEST(BedrockProvider, AnotherRegionIsAskedBeforeTheFirstToken) {
  net::TestServer well(well_upstream()), busy(refusing(429, "ThrottlingException", "no")), broken(refusing(500, "", "no"));
  net::TestServer dying([](net::Exchange& exchange) { return stream_of(exchange, begun_upstream); });
  net::TestServer failing([](net::Exchange& exchange) {
    return stream_of(exchange, begun_upstream + frame("exception", "serviceUnavailableException", R"({"message":"later"})"));
  });
  UpstreamRig rig({no_upstream(), base_of_upstream(busy), base_of_upstream(broken), base_of_upstream(dying), base_of_upstream(failing),
                   base_of_upstream(well)});
  auto answer = rig.collected(asking_upstream("Hello?"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_said(*answer), "Hello");
  const std::string counted = rig.metrics.prometheus_text();
  auto expect_counted = [&](const net::TestServer& server, std::string_view outcome) {
    EXPECT_THAT(counted, HasSubstr(fmt::format(R"(server="http://{}",outcome="{}"}} 1)", base_of_upstream(server).authority(), outcome)));
  };
  expect_counted(busy, "pushed_back");
  for (const net::TestServer* server : {&broken, &dying, &failing}) expect_counted(*server, "failed");
  expect_counted(well, "answered");
}

TEST(BedrockProvider, ARefusedRequestIsNotAskedForElsewhere) {
  int asked = 0;
  auto refuse = [&](net::Exchange& exchange) -> Task<void> {
    ++asked;
    (void)co_await exchange.respond({400, {{"x-amzn-errortype", "ValidationException"}}}, R"({"message":"no"})");
  };
  net::TestServer one(refuse), other(refuse);
  UpstreamRig rig({base_of_upstream(one), base_of_upstream(other)});
  auto answer = rig.collected(asking_upstream("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ValidationException");
  EXPECT_EQ(asked, 1);
}

TEST(BedrockProvider, AStreamThatFailsSaysSoAndIsNotAskedForElsewhere) {
  struct Case {
    std::string death, code;
  };
  const std::string begun = begun_upstream + said_upstream("Hel");
  for (const Case& c : std::vector<Case>{
           {begun, "ModelStreamErrorException"},
           {begun + "garbage that is no frame at all", "ModelStreamErrorException"},
           {begun + event_frame("contentBlockDelta", "no JSON"), "ModelStreamErrorException"},
           {begun + event_frame("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"image":{}}})"), "ModelStreamErrorException"},
           {begun + frame("exception", "modelStreamErrorException", R"({"message":"odd"})"), "ModelStreamErrorException"},
           {begun + frame("exception", "throttlingException", R"({"message":"slow down"})"), "ThrottlingException"},
           {begun + frame("exception", "validationException", R"({"message":"no"})"), "ValidationException"},
       }) {
    int asked = 0;
    auto die = [&](net::Exchange& exchange) {
      ++asked;
      return stream_of(exchange, c.death);
    };
    net::TestServer one(die), other(die);
    UpstreamRig rig({base_of_upstream(one), base_of_upstream(other)});
    auto answer = rig.collected(asking_upstream("Hello?"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, c.code) << answer.error().message;
    EXPECT_EQ(asked, 1);
  }
}

TEST(BedrockProvider, AStreamThatStallsTimesOut) {
  net::Gate never;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start(event_stream_head);
    (void)co_await exchange.write(begun_upstream + said_upstream("Hel"));
    (void)co_await never.pass(exchange.stop_token());
  });
  UpstreamRig rig({base_of_upstream(server)}, {.timeout = Milliseconds(200)});
  auto answer = rig.collected(asking_upstream("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ModelTimeoutException");
}

TEST(BedrockProvider, ACallerWhoGoesEndsTheUpstreamsWorkAtOnce) {
  net::Gate never, seen;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.read_body(10'000);  // so that the end of the connection is what comes next
    (void)co_await exchange.start(event_stream_head);
    (void)co_await exchange.write(begun_upstream + said_upstream("Hel"));
    (void)co_await never.pass(exchange.stop_token());
    (void)co_await seen.pass();
  });
  UpstreamRig rig({base_of_upstream(server)});
  std::stop_source caller;
  auto read = [&]() -> Task<Result<CollectedAnswer>> {
    ModelRequest request = asking_upstream("Hello?");
    request.stop = caller.get_token();
    return collect_from(rig.provider, std::move(request));
  };
  auto answer = rig.begin(read);
  never.wait_for_arrivals(1);
  caller.request_stop();
  auto ended = net::TestHttpClient::wait(std::move(answer));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, "ConnectionClosed");
  seen.wait_for_arrivals(1);
  seen.open();
}

TEST(BedrockProvider, TokensAreCountedUpstreamOfTheFoundationModel) {
  std::string path, body;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    path = exchange.head().path;
    body = *co_await exchange.read_body(10'000);
    (void)co_await exchange.respond(upstream_json_head, R"({"inputTokens":42})");
  });
  UpstreamRig rig({base_of_upstream(server)});
  auto counted = rig.run([&]() -> Task<Result<int64_t>> {
    ModelRequest request = asking_upstream("Hello?");
    request.asked_id = "us.amazon.nova-lite-v1:0";
    co_return co_await keep(rig.provider.count_tokens(request));
  });
  EXPECT_EQ(counted, 42);
  EXPECT_EQ(path, "/model/amazon.nova-lite-v1%3A0/count-tokens");
  EXPECT_EQ(body, R"({"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Hello?"}]}]}}})");
}

TEST(BedrockProvider, TitanEmbedsOneTextARequest) {
  std::vector<std::string> bodies;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    bodies.push_back(*co_await exchange.read_body(10'000));
    (void)co_await exchange.respond(upstream_json_head, R"({"embedding":[0.6,0.8],"inputTextTokenCount":3})");
  });
  UpstreamRig rig({base_of_upstream(server)});
  auto embeddings = rig.run([&]() -> Task<Result<Embeddings>> {
    return rig.provider.embed({.model_id = "amazon.titan-embed-text-v2:0", .texts = {"a", "b"}, .dimensions = 256});
  });
  ASSERT_TRUE(embeddings) << embeddings.error().message;
  EXPECT_EQ(embeddings->vectors, (std::vector<std::vector<float>>{{0.6f, 0.8f}, {0.6f, 0.8f}}));
  EXPECT_EQ(embeddings->input_tokens, 6);
  EXPECT_EQ(bodies, (std::vector<std::string>{R"({"inputText":"a","dimensions":256,"normalize":true})",
                                              R"({"inputText":"b","dimensions":256,"normalize":true})"}));
}

TEST(BedrockProvider, CohereIsToldWhatTheTextsAreFor) {
  std::string body;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    body = *co_await exchange.read_body(10'000);
    (void)co_await exchange.respond({200, {{"content-type", "application/json"}, {"X-Amzn-Bedrock-Input-Token-Count", "9"}}},
                                    R"({"id":"x","embeddings":{"float":[[1,0],[0,1]]},"response_type":"embeddings_by_type"})");
  });
  UpstreamRig rig({base_of_upstream(server)});
  auto embeddings = rig.run([&]() -> Task<Result<Embeddings>> {
    return rig.provider.embed(
        {.model_id = "cohere.embed-english-v3", .texts = {"a", "b"}, .input_type = "search_query", .truncate = "END"});
  });
  ASSERT_TRUE(embeddings) << embeddings.error().message;
  EXPECT_EQ(embeddings->vectors, (std::vector<std::vector<float>>{{1, 0}, {0, 1}}));
  EXPECT_EQ(embeddings->input_tokens, 9);
  EXPECT_EQ(body, R"({"texts":["a","b"],"input_type":"search_query","truncate":"END","embedding_types":["float"]})");
}

TEST(BedrockProvider, WhatConverseCannotBeToldIsRefused) {
  UpstreamRig rig({no_upstream()});
  ModelRequest platform = asking_upstream("Hello?");
  platform.conversation.tools.push_back(SystemTool{"nova_grounding"});
  auto answer = rig.collected(std::move(platform));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ValidationException");
}

}  // namespace
}  // namespace outcrop::inference
