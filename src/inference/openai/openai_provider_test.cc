// Model servers of the chat-completion dialect as a provider: what is asked, what is passed on and when, and what becomes of failures.
#include "inference/openai/openai_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <filesystem>

#include "inference/collect.h"
#include "inference/endpoints/server_fault.h"
#include "net/client_harness_test.h"

namespace outcrop::inference {
namespace {

using ::testing::HasSubstr;

// A provider on a loop of its own, as a server has it.
class ProviderRig {
 public:
  explicit ProviderRig(std::vector<net::Url> endpoints, Milliseconds timeout = net::generous)
      : provider_({.endpoints = std::move(endpoints), .served_model = "qwen3", .api_key = "sk-secret", .timeout = timeout}, clients_,
                  net::test_clock, random_, metrics) {
    loops_.start();
  }
  ~ProviderRig();  // closes

  template <class F>
  auto begin(F fn) {
    using T = std::invoke_result_t<F>::value_type;
    std::promise<T> promise;
    std::future<T> future = promise.get_future();
    net::run_on(loops_.at(0), std::move(fn), std::move(promise));
    return future;
  }
  template <class F>
  auto run(F fn) {
    return net::TestHttpClient::wait(begin(std::move(fn)));
  }

  Result<CollectedAnswer> collect_answer(ModelRequest request) {
    return run([&]() -> Task<Result<CollectedAnswer>> { return collected(std::move(request)); });
  }
  Task<Result<CollectedAnswer>> collected(ModelRequest request) {
    auto answer = co_await provider_.answer(std::move(request));
    auto all = co_await keep(collect(*answer));
    if (!all) co_await answer->close();
    co_return all;
  }

  OpenAiProvider& provider() { return provider_; }
  net::ClientStats stats() {
    return run([this]() -> Task<net::ClientStats> { co_return clients_.current().stats(); });
  }

  Metrics metrics{1};

 private:
  ThreadPool pool_{2};
  net::Loops loops_{net::test_clock, 1};
  net::Resolver resolver_{net::test_clock, pool_};
  net::RealDialer dialer_{resolver_};
  net::HttpClients clients_{loops_, dialer_};
  SeededRandom random_{1};
  OpenAiProvider provider_;
};

ProviderRig::~ProviderRig() {
  run([this]() -> Task<bool> {
    co_await clients_.close();
    co_return true;
  });
}

ModelRequest request_saying(std::string text, bool streamed = true) {
  ModelRequest request{.model_id = "anthropic.claude", .conversation = {}, .streamed = streamed};
  request.conversation.messages.push_back({Role::user, {TextBlock{std::move(text)}}});
  return request;
}

std::string event_of(std::string_view delta, std::string_view finish = "null") {
  return fmt::format("data: {{\"choices\":[{{\"index\":0,\"delta\":{{{}}},\"finish_reason\":{}}}]}}\n\n", delta, finish);
}
std::string said(std::string_view text) { return event_of(fmt::format(R"("content":"{}")", text)); }
const std::string over = event_of("", R"("stop")") + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":2}}\n\n";
const std::string done = "data: [DONE]\n\n";

const net::ResponseHead stream_head{200, {{"content-type", "text/event-stream"}}};
const net::ResponseHead json_head{200, {{"content-type", "application/json"}}};
const std::string whole =
    R"({"choices":[{"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}})";

Task<void> stream(net::Exchange& exchange, std::string events) {
  (void)co_await exchange.start(stream_head);
  (void)co_await exchange.write(events);
  (void)co_await exchange.finish();
}

// A server that always says the same.
net::FunctionHandler::Function saying(int status, std::string body) {
  return [status, body](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.respond({status, {{"content-type", "application/json"}}}, body);
  };
}

net::Url base_of(const net::TestServer& server) { return net::url_of(server.endpoint, "/v1"); }

// Where nobody listens.
net::Url nowhere() {
  net::ScriptedServer gone;
  return gone.url("/v1");
}

std::string text_of(const CollectedAnswer& answer) { return std::get<TextBlock>(answer.content.at(0)).text; }

TEST(OpenAiProvider, AWholeAnswerIsAskedForAndReadInOnePiece) {
  std::string path, key, body;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    path = exchange.head().path;
    key = exchange.head().headers.get("authorization");
    body = *co_await exchange.read_body(10'000);
    (void)co_await exchange.respond(json_head, whole);
  });
  ProviderRig rig({base_of(server)});
  auto answer = rig.collect_answer(request_saying("Hello?", false));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(*answer), "Hello there");
  EXPECT_EQ(answer->usage.input, 7);
  EXPECT_EQ(answer->usage.output, 3);
  EXPECT_EQ(answer->end.reason, StopReason::end_turn);
  EXPECT_EQ(path, "/v1/chat/completions");
  EXPECT_EQ(key, "Bearer sk-secret");
  EXPECT_THAT(body, HasSubstr(R"("model":"qwen3")"));
  EXPECT_THAT(body, ::testing::Not(HasSubstr(R"("stream":true)")));
}

TEST(OpenAiProvider, AStreamIsPassedOnWhileItIsMade) {
  net::Gate gate;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start(stream_head);
    (void)co_await exchange.write(event_of(R"("role":"assistant","content":"")") + said("Hel"));
    co_await gate.pass();
    (void)co_await exchange.write(said("lo") + over + done);
    (void)co_await exchange.finish();
  });
  ProviderRig rig({base_of(server)});
  auto read = [&]() -> Task<Result<CollectedAnswer>> {
    auto answer = co_await rig.provider().answer(request_saying("Hello?"));
    Collector collector;
    collector.take(**co_await keep(answer->next()));
    gate.open();  // the first piece is here, the last is not sent yet
    while (auto event = co_await answer->next()) collector.take(std::move(*event));
    co_return collector.finish();
  };
  auto answer = rig.run(read);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(*answer), "Hello");
  EXPECT_EQ(answer->usage.input, 11);
  EXPECT_EQ(answer->usage.output, 2);
}

// The connected sockets of this process that have `port` at either end.
std::vector<int> sockets_at(uint16_t port) {
  std::vector<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename().string());
    sockaddr_in here{}, there{};
    socklen_t here_length = sizeof here, there_length = sizeof there;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&here), &here_length) != 0 || here.sin_family != AF_INET) continue;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&there), &there_length) != 0) continue;
    if (ntohs(here.sin_port) == port || ntohs(there.sin_port) == port) found.push_back(fd);
  }
  return found;
}

// Nagle's algorithm and delayed acknowledgements together hold a token back for 40 ms. Both ends of the connection are ours here: a
// server's, which Outcrop is to its callers, and a client's, which it is to model servers.
TEST(OpenAiProvider, NoSmallWriteOfEitherSideWaitsForAnAcknowledgement) {
  net::Gate gate;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start(stream_head);
    (void)co_await exchange.write(said("Hel"));
    co_await gate.pass();
    (void)co_await exchange.write(said("lo") + over + done);
    (void)co_await exchange.finish();
  });
  ProviderRig rig({base_of(server)});
  const auto answer = rig.run([&]() -> Task<Result<CollectedAnswer>> {
    auto answer = co_await rig.provider().answer(request_saying("Hello?"));
    const std::vector<int> sockets = sockets_at(base_of(server).port);
    EXPECT_EQ(sockets.size(), 2u);
    for (int fd : sockets) {
      int no_delay = 0;
      socklen_t length = sizeof no_delay;
      EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &length), 0);
      EXPECT_NE(no_delay, 0);
    }
    gate.open();
    co_return co_await keep(collect(*answer));
  });
  ASSERT_TRUE(answer) << answer.error().message;
}

TEST(OpenAiProvider, AConnectionServesAgainAfterAStream) {
  net::TestServer server([](net::Exchange& exchange) { return stream(exchange, said("Hello") + over + done); });
  ProviderRig rig({base_of(server)});
  ASSERT_TRUE(rig.collect_answer(request_saying("a")));
  ASSERT_TRUE(rig.collect_answer(request_saying("b")));
  EXPECT_EQ(rig.stats().opened, 1u);
}

TEST(OpenAiProvider, ToolsAreCalled) {
  net::TestServer server([](net::Exchange& exchange) {
    return stream(exchange,
                  event_of(R"("tool_calls":[{"index":0,"id":"call_1","function":{"name":"get_weather","arguments":"{\"city\":"}}])") +
                      event_of(R"("tool_calls":[{"index":0,"function":{"arguments":"\"Lisbon\"}"}}])") + event_of("", R"("tool_calls")") +
                      done);
  });
  ProviderRig rig({base_of(server)});
  auto answer = rig.collect_answer(request_saying("The weather in Lisbon?"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->end.reason, StopReason::tool_use);
  const auto& use = std::get<ToolUseBlock>(answer->content.at(0));
  EXPECT_EQ(use.id, "call_1");
  EXPECT_EQ(use.input.find("city")->as_string(), "Lisbon");
}

TEST(OpenAiProvider, TokensAreEstimatedWhereTheServerCountsNone) {
  net::TestServer server(
      [](net::Exchange& exchange) { return stream(exchange, said("Good morning to") + said(" all of you") + event_of("", R"("stop")")); });
  ProviderRig rig({base_of(server)});
  auto answer = rig.collect_answer(request_saying("What do you say in the morning?"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_GE(answer->usage.input, 7);
  EXPECT_GE(answer->usage.output, 6);
  auto counted = rig.run([&]() -> Task<Result<int64_t>> {
    const ModelRequest request = request_saying("What do you say in the morning?");
    co_return co_await keep(rig.provider().count_tokens(request));
  });
  EXPECT_EQ(counted, answer->usage.input);
}

TEST(OpenAiProvider, RefusalsAreToldInBedrocksWords) {
  struct Case {
    int status;
    std::string body, code, words;
  };
  for (const Case& c : std::vector<Case>{
           {400, R"({"error":{"message":"too many tokens"}})", "ValidationException", "too many tokens"},
           {422, R"({"detail":"no such field"})", "ValidationException", "no such field"},
           {401, R"({"error":{"message":"bad key sk-sec"}})", "ModelErrorException", "refused the key"},
           {404, R"({"message":"no model qwen3"})", "ModelErrorException", "404: no model qwen3"},
           {429, R"({"error":"slow down"})", "ThrottlingException", "slow down"},
           {500, "broken", "ModelErrorException", "500: broken"},
           {200, "{}", "ModelErrorException", "no"},
           {200, "<html>", "ModelErrorException", "no"},
       }) {
    net::TestServer server(saying(c.status, c.body));
    ProviderRig rig({base_of(server)});
    auto answer = rig.collect_answer(request_saying("Hello?", false));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, c.code) << c.status;
    EXPECT_THAT(answer.error().message, HasSubstr(c.words));
    EXPECT_THAT(answer.error().message, ::testing::Not(HasSubstr("sk-sec")));
    EXPECT_EQ(server_fault_in(answer.error())->status, c.status == 200 ? 0 : c.status);
  }
}

TEST(OpenAiProvider, AServerNobodyReachesIsUnavailable) {
  ProviderRig rig({nowhere()});
  auto answer = rig.collect_answer(request_saying("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ServiceUnavailableException");
  EXPECT_EQ(answer.error().status, 503);
}

TEST(OpenAiProvider, AServerThatSaysNothingTimesOut) {
  net::Gate never;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> { (void)co_await never.pass(exchange.stop_token()); });
  ProviderRig rig({base_of(server)}, Milliseconds(20));
  auto answer = rig.collect_answer(request_saying("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ModelTimeoutException");
  EXPECT_EQ(answer.error().status, 408);
}

TEST(OpenAiProvider, AStreamThatStallsTimesOut) {
  net::Gate never;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.start(stream_head);
    (void)co_await exchange.write(said("Hel"));
    (void)co_await never.pass(exchange.stop_token());
  });
  ProviderRig rig({base_of(server)}, Milliseconds(200));
  auto answer = rig.collect_answer(request_saying("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ModelTimeoutException");
}

TEST(OpenAiProvider, AStreamThatDiesIsAStreamErrorAndNotAskedForElsewhere) {
  const std::vector<std::string> deaths = {said("Hel"), said("Hel") + "data: garbage\n\n", said("Hel") + done,
                                           said("Hel") + "data: {\"error\":{\"message\":\"out of memory\"}}\n\n"};
  for (const std::string& death : deaths) {
    net::TestServer dying([&](net::Exchange& exchange) { return stream(exchange, death); });
    int asked = 0;
    net::TestServer other([&](net::Exchange& exchange) -> Task<void> {
      ++asked;
      return stream(exchange, said("Hello") + over + done);
    });
    ProviderRig rig({base_of(dying), base_of(other)});
    auto answer = rig.collect_answer(request_saying("Hello?"));
    ASSERT_FALSE(answer) << death;
    EXPECT_EQ(answer.error().code, "ModelStreamErrorException");
    EXPECT_EQ(answer.error().status, 424);
    EXPECT_EQ(asked, 0);
  }
}

TEST(OpenAiProvider, WhatFailsBeforeTheFirstTokenIsAskedForElsewhere) {
  net::TestServer well([](net::Exchange& exchange) { return stream(exchange, said("Hello") + over + done); });
  net::TestServer busy(saying(429, "{}")), broken(saying(503, "{}"));
  net::TestServer dying([](net::Exchange& exchange) { return stream(exchange, event_of(R"("role":"assistant")")); });
  ProviderRig rig({nowhere(), base_of(busy), base_of(broken), base_of(dying), base_of(well)});
  for (int i = 0; i < 20; ++i) {  // each with a beginning, and so an order of servers, of its own
    auto answer = rig.collect_answer(request_saying(fmt::format("Hello {}?", i)));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(text_of(*answer), "Hello");
  }
  const std::string metrics = rig.metrics.prometheus_text();
  auto none_of = [](const net::TestServer& server, std::string_view outcome) {
    return HasSubstr(fmt::format(R"(server="http://{}/v1",outcome="{}"}} 0)", base_of(server).authority(), outcome));
  };
  EXPECT_THAT(metrics, ::testing::Not(none_of(busy, "pushed_back")));
  for (const net::TestServer* server : {&broken, &dying}) EXPECT_THAT(metrics, ::testing::Not(none_of(*server, "failed")));
  EXPECT_THAT(metrics, HasSubstr(fmt::format(R"(server="http://{}/v1",outcome="answered"}} 20)", base_of(well).authority())));
}

TEST(OpenAiProvider, AServerThatSaysRetryAfterIsLeftAlone) {
  int asked = 0;
  net::TestServer busy([&](net::Exchange& exchange) -> Task<void> {
    ++asked;
    (void)co_await exchange.respond({429, {{"retry-after", "60"}}}, R"({"error":{"message":"slow down"}})");
  });
  ProviderRig rig({base_of(busy)});
  auto first = rig.collect_answer(request_saying("Hello?"));
  EXPECT_THAT(first.error().message, HasSubstr("slow down"));
  auto second = rig.collect_answer(request_saying("Hello?"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "ThrottlingException");
  EXPECT_EQ(asked, 1);
  EXPECT_THAT(rig.metrics.prometheus_text(), HasSubstr(R"(outcome="pushed_back"} 1)"));
}

TEST(OpenAiProvider, RequestsThatBeginAlikeGoToTheSameServer) {
  std::array<std::atomic<int>, 3> asked{};
  auto counting = [&](size_t i) {
    return [&asked, i](net::Exchange& exchange) -> Task<void> {
      ++asked[i];
      (void)co_await exchange.respond(json_head, whole);
    };
  };
  net::TestServer a(counting(0)), b(counting(1)), c(counting(2));
  ProviderRig rig({base_of(a), base_of(b), base_of(c)});
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(rig.collect_answer(request_saying("Hello?", false)));
  EXPECT_TRUE(std::ranges::any_of(asked, [](const std::atomic<int>& count) { return count == 9; }));
}

TEST(OpenAiProvider, ARefusedRequestIsNotAskedForElsewhere) {
  int asked = 0;
  net::TestServer refusing(saying(400, R"({"error":{"message":"no"}})"));
  net::TestServer other([&](net::Exchange& exchange) -> Task<void> {
    ++asked;
    return stream(exchange, said("Hello") + over + done);
  });
  ProviderRig rig({base_of(refusing), base_of(other)});
  auto answer = rig.collect_answer(request_saying("Hello?"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ValidationException");
  EXPECT_EQ(asked, 0);
}

TEST(OpenAiProvider, ACallerWhoGoesEndsTheServersWorkAtOnce) {
  net::Gate never, seen;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.read_body(10'000);  // so that the end of the connection is what comes next
    (void)co_await exchange.start(stream_head);
    (void)co_await exchange.write(said("Hel"));
    (void)co_await never.pass(exchange.stop_token());
    (void)co_await seen.pass();
  });
  ProviderRig rig({base_of(server)});
  std::stop_source caller;
  auto read = [&]() -> Task<Result<CollectedAnswer>> {
    ModelRequest request = request_saying("Hello?");
    request.stop = caller.get_token();
    return rig.collected(std::move(request));
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

TEST(OpenAiProvider, AnAnswerThatIsClosedEndsTheServersWork) {
  net::Gate never, seen;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    (void)co_await exchange.read_body(10'000);  // so that the end of the connection is what comes next
    (void)co_await exchange.start(stream_head);
    (void)co_await exchange.write(said("Hel"));
    (void)co_await never.pass(exchange.stop_token());
    (void)co_await seen.pass();
  });
  ProviderRig rig({base_of(server)});
  rig.run([&]() -> Task<bool> {
    auto answer = co_await rig.provider().answer(request_saying("Hello?"));
    co_await (*answer)->close();
    co_return true;
  });
  seen.wait_for_arrivals(1);
  seen.open();
}

TEST(OpenAiProvider, EmbeddingsComeInTheOrderOfTheTexts) {
  std::string path, body;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    path = exchange.head().path;
    body = *co_await exchange.read_body(10'000);
    (void)co_await exchange.respond(
        json_head,
        R"({"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]}],"usage":{"prompt_tokens":5,"total_tokens":5}})");
  });
  ProviderRig rig({base_of(server)});
  auto embeddings = rig.run([&]() -> Task<Result<Embeddings>> { return rig.provider().embed({.texts = {"a", "b"}, .dimensions = 2}); });
  ASSERT_TRUE(embeddings) << embeddings.error().message;
  EXPECT_EQ(embeddings->vectors, (std::vector<std::vector<float>>{{0.6f, 0.8f}, {0, 1}}));
  EXPECT_EQ(embeddings->input_tokens, 5);
  EXPECT_EQ(path, "/v1/embeddings");
  EXPECT_EQ(body, R"({"model":"qwen3","input":["a","b"],"dimensions":2,"encoding_format":"float"})");
}

}  // namespace
}  // namespace outcrop::inference
