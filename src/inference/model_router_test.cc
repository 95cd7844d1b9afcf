// Which provider answers for which model.
#include "inference/model_router.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"

namespace outcrop::inference {
namespace {

class SilentAnswer final : public Answer {
 public:
  Task<Result<std::optional<AnswerEvent>>> next() override { co_return std::nullopt; }
};

// Fails as it is told, and otherwise says how it was asked.
class ScriptedProvider final : public Provider {
 public:
  explicit ScriptedProvider(int64_t tokens, int failing_status = 0) : tokens_(tokens), failing_status_(failing_status) {}
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest request) override {
    ++asked;
    if (failing_status_ > 0) co_return fail("AFault", failing_status_, "failed as told");
    last_model = std::move(request.model_id);
    co_return std::make_unique<SilentAnswer>();
  }
  Task<Result<Embeddings>> embed(EmbeddingRequest) override { co_return Embeddings{.vectors = {}, .input_tokens = tokens_}; }
  Task<Result<int64_t>> count_tokens(const ModelRequest&) override { co_return tokens_; }

  int asked = 0;
  std::string last_model;

 private:
  const int64_t tokens_;
  const int failing_status_;
};

class ModelRouterTest : public ::testing::Test {
 protected:
  ScriptedProvider& add(ModelRouter::Route route, int64_t tokens, int failing_status = 0) {
    auto provider = std::make_unique<ScriptedProvider>(tokens, failing_status);
    ScriptedProvider& added = *provider;
    route.provider = std::move(provider);
    routes_.push_back(std::move(route));
    return added;
  }
  ModelRouter& router() {
    if (!router_) router_.emplace(std::move(routes_), otherwise_, metrics_);
    return *router_;
  }
  static ModelRequest request_of(std::string model_id) { return {.model_id = std::move(model_id), .conversation = {}}; }
  int64_t tokens_of(ModelRequest request) { return *executor_.run(router().count_tokens(request)); }
  int64_t tokens_of(std::string model_id) { return tokens_of(request_of(std::move(model_id))); }
  Result<std::unique_ptr<Answer>> answer_of(ModelRequest request) { return executor_.run(router().answer(std::move(request))); }

  RealClock clock_;
  SimpleExecutor executor_{clock_};
  Metrics metrics_{1};
  ScriptedProvider otherwise_{9};
  std::vector<ModelRouter::Route> routes_;
  std::optional<ModelRouter> router_;
};

TEST_F(ModelRouterTest, TheFirstPatternThatMatchesCounts) {
  add({"anthropic.claude-3*", nullptr}, 1);
  add({"anthropic.*", nullptr}, 2);
  EXPECT_EQ(tokens_of("anthropic.claude-3-haiku-20240307-v1:0"), 1);
  EXPECT_EQ(tokens_of("anthropic.claude-sonnet-4-20250514-v1:0"), 2);
}

TEST_F(ModelRouterTest, WhatNothingMatchesIsTheLastResorts) { EXPECT_EQ(tokens_of("amazon.nova-lite-v1:0"), 9); }

TEST_F(ModelRouterTest, EmbeddingsAreRoutedLikeAnswers) {
  add({"anthropic.*", nullptr}, 2);
  EXPECT_EQ(executor_.run(router().embed({.model_id = "anthropic.x"}))->input_tokens, 2);
}

TEST_F(ModelRouterTest, RoutesMayBeForOneLatencyOrOneTierAlone) {
  add({"m", nullptr, Latency::optimized}, 1);
  add({"m", nullptr, std::nullopt, ServiceTier::flex}, 2);
  add({"m", nullptr}, 3);
  ModelRequest fast = request_of("m"), cheap = request_of("m");
  fast.latency = Latency::optimized;
  cheap.tier = ServiceTier::flex;
  EXPECT_EQ(tokens_of(fast), 1);
  EXPECT_EQ(tokens_of(cheap), 2);
  EXPECT_EQ(tokens_of("m"), 3);
}

TEST_F(ModelRouterTest, AnAnswerSaysTheLatencyAndTheTierOfItsRoute) {
  add({"fast", nullptr, Latency::optimized, ServiceTier::priority}, 1);
  add({"*", nullptr}, 2);
  for (const std::string& model : {"fast", "slow"}) {
    ModelRequest request = request_of(model);
    request.latency = Latency::optimized;
    request.tier = ServiceTier::priority;
    auto answer = answer_of(std::move(request));
    ASSERT_TRUE(answer);
    EXPECT_EQ((*answer)->latency, model == "fast" ? Latency::optimized : Latency::standard);
    EXPECT_EQ((*answer)->tier, model == "fast" ? ServiceTier::priority : ServiceTier::standard);
  }
}

TEST_F(ModelRouterTest, AProviderThatFailsIsNotReplaced) {
  add({"a", nullptr}, 1, 503);
  auto answer = answer_of(request_of("a"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().status, 503);
  EXPECT_EQ(otherwise_.asked, 0);
}

TEST_F(ModelRouterTest, UnlessAFallbackIsConfiguredWhichTheAnswerNames) {
  for (int status : {408, 424, 429, 500, 503}) {
    routes_.clear();
    router_.reset();
    add({"a", nullptr, std::nullopt, std::nullopt, "b"}, 1, status);
    ScriptedProvider& second = add({"b", nullptr}, 2);
    auto answer = answer_of(request_of("a"));
    ASSERT_TRUE(answer) << status;
    EXPECT_EQ((*answer)->served_by, "b");
    EXPECT_EQ(second.last_model, "b");
  }
  EXPECT_NE(metrics_.prometheus_text().find(R"(outcrop_model_fallbacks_total{match="a",fallback="b"} 5)"), std::string::npos);
}

TEST_F(ModelRouterTest, AnAnswerOfTheModelThatWasAskedNamesNobody) {
  add({"a", nullptr, std::nullopt, std::nullopt, "b"}, 1);
  EXPECT_EQ((*answer_of(request_of("a")))->served_by, "");
}

TEST_F(ModelRouterTest, ARequestThatIsItselfAtFaultIsNotAskedForElsewhere) {
  for (int status : {400, 403, 499}) {
    routes_.clear();
    router_.reset();
    add({"a", nullptr, std::nullopt, std::nullopt, "b"}, 1, status);
    ScriptedProvider& second = add({"b", nullptr}, 2);
    EXPECT_EQ(answer_of(request_of("a")).error().status, status);
    EXPECT_EQ(second.asked, 0);
  }
}

TEST_F(ModelRouterTest, FallbacksMayHaveFallbacksButNotForever) {
  ScriptedProvider& first = add({"a", nullptr, std::nullopt, std::nullopt, "b"}, 1, 503);
  ScriptedProvider& second = add({"b", nullptr, std::nullopt, std::nullopt, "a"}, 2, 503);
  EXPECT_FALSE(answer_of(request_of("a")));
  EXPECT_LE(first.asked + second.asked, 3);
}

}  // namespace
}  // namespace outcrop::inference
