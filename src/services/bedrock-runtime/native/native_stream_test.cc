// InvokeModelWithResponseStream over a model that does as the test says: when chunks leave, and what faults and readers that go cost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "gen/bedrock-runtime/errors.h"
#include "gen/bedrock-runtime/invoke_model.h"
#include "gen/bedrock-runtime/invoke_model_with_response_stream.h"
#include "services/bedrock-runtime/testing/fixed_profiles.h"
#include "services/bedrock-runtime/testing/scripted_provider.h"

namespace outcrop::bedrock_runtime {

using namespace testing;

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class NativeStream : public ::testing::Test {
 public:
  NativeStream() {
    provider.script.events = {piece("Hello"), piece(" there"), inference::BlockStop{0}, inference::AnswerEnd(),
                              inference::AnswerUsage{{counted_input_tokens, 2}}};
  }

  static constexpr std::string_view body = R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})";

  Result<InvokeModelWithResponseStreamOutput> invoke() {
    return world.run(invoke_model_with_response_stream(bedrock, call, {.body = std::string(body), .model_id = "amazon.nova-lite-v1:0"}));
  }
  // The text of the next chunk; empty at the end.
  Result<std::string> next(InvokeModelWithResponseStreamOutput& output) {
    Result<std::optional<ResponseStream>> event = world.run(output.body.next());
    if (!event) return fail(std::move(event.error()));
    return *event ? (*event)->chunk->bytes.value_or("") : "";
  }
  // That so many tokens are left of a minute's, and not one more.
  void expect_tokens_charged(double charged) {
    const ModelTarget target = *model_target(catalog, call, "amazon.nova-lite-v1:0");
    const auto left = int64_t(target.model->quotas.at("onDemandTpm").in(call.region) - charged);
    EXPECT_FALSE(world.run(bedrock.quotas().reserve(call, target, {.input_tokens = left + 1})));
    EXPECT_TRUE(world.run(bedrock.quotas().reserve(call, target, {.input_tokens = left})));
  }

  TestWorld world;
  inference::Catalog catalog;
  ScriptedProvider provider;
  NotedMetrics metrics;
  FixedProfiles profiles;
  Metrics prometheus{1};
  QuotaBook quota_book;
  telemetry::Telemetry telemetry{world.world};
  BedrockRuntime bedrock{{world.world, catalog, profiles, provider, quota_book, metrics, prometheus, telemetry}};
  Call call{.world = world.world, .identity = {.account = "111122223333"}, .region = "us-east-1", .service = "bedrock-runtime"};
};

TEST_F(NativeStream, AChunkLeavesBeforeTheNextIsMade) {
  auto output = invoke();
  ASSERT_TRUE(output) << output.error().message;
  while (provider.script.asked == 0) ASSERT_TRUE(next(*output));
  EXPECT_EQ(provider.script.asked, 1);
  ASSERT_TRUE(next(*output));
  EXPECT_LE(provider.script.asked, 2);
  world.run(output->body.close());
}

TEST_F(NativeStream, TheLastChunkHasTheMetrics) {
  auto output = invoke();
  ASSERT_TRUE(output);
  std::string last, chunk;
  while (!(chunk = next(*output).value()).empty()) last = chunk;
  EXPECT_THAT(last, HasSubstr(R"(,"amazon-bedrock-invocationMetrics":{"inputTokenCount":40,"outputTokenCount":2,)"));
  expect_tokens_charged(42);
  EXPECT_THAT(metrics.names, Contains("TimeToFirstToken"));
}

TEST_F(NativeStream, OnlyAStreamIsAskedForAsOne) {
  ASSERT_TRUE(invoke());
  EXPECT_TRUE(provider.script.streamed);
  ASSERT_TRUE(world.run(invoke_model(bedrock, call, {.body = std::string(body), .model_id = "amazon.nova-lite-v1:0"})));
  EXPECT_FALSE(provider.script.streamed);
}

TEST_F(NativeStream, WhatIsLeftIsToldWithTheHeadAndCountsAllThatTheAnswerMayTake) {
  ASSERT_TRUE(invoke());
  const ModelTarget target = *model_target(catalog, call, "amazon.nova-lite-v1:0");
  const double left =
      target.model->quotas.at("onDemandTpm").in(call.region) - counted_input_tokens - double(*target.model->output_tokens_max);
  EXPECT_EQ(call.answer_headers.get("x-outcrop-ratelimit-remaining-tokens"), std::to_string(int64_t(left)));
}

TEST_F(NativeStream, AFaultBeforeTheFirstEventIsTheOperations) {
  provider.script.refusal = model_not_ready_exception("Loading.");
  auto output = invoke();
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, "ModelNotReadyException");
  EXPECT_THAT(metrics.names, Contains("InvocationClientErrors"));
  expect_tokens_charged(0);
}

TEST_F(NativeStream, ALaterFaultEndsTheStreamAndWhatItGaveIsCharged) {
  provider.script.events = {piece("Hello"), piece(" there"), fail("ModelStreamErrorException", 424, "Lost.")};
  auto output = invoke();
  ASSERT_TRUE(output);
  Result<std::string> chunk = next(*output);
  while (chunk && !chunk->empty()) chunk = next(*output);
  ASSERT_FALSE(chunk);
  EXPECT_EQ(chunk.error().code, "ModelStreamErrorException");
  EXPECT_TRUE(provider.script.closed);
  EXPECT_THAT(metrics.names, Not(Contains("Invocations")));
  expect_tokens_charged(counted_input_tokens + 2);
}

TEST_F(NativeStream, AReaderThatGoesEndsTheModelsWorkAndPaysForWhatItGot) {
  auto output = invoke();
  ASSERT_TRUE(output);
  while (provider.script.asked < 1) ASSERT_TRUE(next(*output));
  world.run(output->body.close());
  EXPECT_TRUE(provider.script.closed);
  EXPECT_LE(provider.script.asked, 1);
  expect_tokens_charged(counted_input_tokens + 1);
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
