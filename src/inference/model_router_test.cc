// Which provider answers for which model.
#include "inference/model_router.h"

#include <gtest/gtest.h>

#include "base/simple_executor.h"

namespace outcrop::inference {
namespace {

// Answers everything with its number of tokens.
class CountingProvider final : public Provider {
 public:
  explicit CountingProvider(int64_t tokens) : tokens_(tokens) {}
  Task<Result<std::unique_ptr<Answer>>> answer(ModelRequest) override { co_return fail("ServiceUnavailableException", 503, "gone"); }
  Task<Result<Embeddings>> embed(EmbeddingRequest) override { co_return Embeddings{.vectors = {}, .input_tokens = tokens_}; }
  Task<Result<int64_t>> count_tokens(const ModelRequest&) override { co_return tokens_; }

 private:
  const int64_t tokens_;
};

class ModelRouterTest : public ::testing::Test {
 protected:
  ModelRouterTest() : router_(routes(), otherwise_) {}
  static std::vector<ModelRouter::Route> routes() {
    std::vector<ModelRouter::Route> routes;
    routes.push_back({"anthropic.claude-3*", std::make_unique<CountingProvider>(1)});
    routes.push_back({"anthropic.*", std::make_unique<CountingProvider>(2)});
    return routes;
  }
  int64_t tokens_of(std::string model_id) {
    const ModelRequest request{.model_id = std::move(model_id), .conversation = {}};
    return *executor_.run(router_.count_tokens(request));
  }

  RealClock clock_;
  SimpleExecutor executor_{clock_};
  CountingProvider otherwise_{3};
  ModelRouter router_;
};

TEST_F(ModelRouterTest, TheFirstPatternThatMatchesCounts) {
  EXPECT_EQ(tokens_of("anthropic.claude-3-haiku-20240307-v1:0"), 1);
  EXPECT_EQ(tokens_of("anthropic.claude-sonnet-4-20250514-v1:0"), 2);
}

TEST_F(ModelRouterTest, WhatNothingMatchesIsTheLastResorts) { EXPECT_EQ(tokens_of("amazon.nova-lite-v1:0"), 3); }

TEST_F(ModelRouterTest, AProviderThatFailsIsNotReplaced) {
  auto answer = executor_.run(router_.answer({.model_id = "anthropic.claude-3", .conversation = {}}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ServiceUnavailableException");
}

TEST_F(ModelRouterTest, EmbeddingsAreRoutedLikeAnswers) {
  EXPECT_EQ(executor_.run(router_.embed({.model_id = "anthropic.x"}))->input_tokens, 2);
}

}  // namespace
}  // namespace outcrop::inference
