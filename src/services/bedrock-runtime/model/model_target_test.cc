// What identifiers of models stand for.
#include "services/bedrock-runtime/model/model_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "services/bedrock-runtime/bedrock_runtime.h"
#include "services/bedrock-runtime/testing/fixed_profiles.h"

namespace outcrop::bedrock_runtime {
namespace {

using Route = ModelTarget::Route;

class Unasked final : public inference::Provider {
 public:
  Task<Result<std::unique_ptr<inference::Answer>>> answer(inference::ModelRequest) override { co_return fail("Unasked", 500, ""); }
  Task<Result<inference::Embeddings>> embed(inference::EmbeddingRequest) override { co_return fail("Unasked", 500, ""); }
  Task<Result<int64_t>> count_tokens(const inference::ModelRequest&) override { co_return fail("Unasked", 500, ""); }
};

class Unmeasured final : public ServiceMetrics {
 public:
  void record(std::string_view, std::string_view, std::string_view, std::string_view, std::span<const Dimension>, double,
              std::string_view) override {}
};

struct Targets : ::testing::Test {
  static constexpr std::string_view application = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/0xumpou8xusv";

  Result<ModelTarget> target(std::string_view identifier) { return world.run(target_of(bedrock, call, identifier)); }
  std::string refusal(std::string_view identifier) {
    const auto refused = target(identifier);
    return refused ? "no refusal" : std::to_string(refused.error().status) + " " + refused.error().code + ": " + refused.error().message;
  }
  void have(std::string source) {
    profiles.profile = std::make_shared<const inference::ApplicationProfile>("0xumpou8xusv", std::string(application), std::move(source));
  }

  TestWorld world;
  inference::Catalog catalog;
  FixedProfiles profiles;
  Unasked provider;
  Unmeasured metrics;
  Metrics prometheus{1};
  QuotaBook quota_book;
  telemetry::Telemetry telemetry{world.world};
  BedrockRuntime bedrock{{world.world, catalog, profiles, provider, quota_book, metrics, prometheus, telemetry}};
  Call call{.world = world.world, .identity = {.account = "111122223333"}, .region = "us-east-1", .service = "bedrock-runtime"};
};

TEST_F(Targets, ModelsAndProfilesOfTheCatalogueAskNobody) {
  for (const char* identifier : {"amazon.nova-lite-v1:0", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}) {
    const ModelTarget found = target(identifier).value();
    EXPECT_EQ(found.model->id, "amazon.nova-lite-v1:0");
    EXPECT_EQ(found.route, Route::on_demand);
    EXPECT_EQ(found.name, "amazon.nova-lite-v1:0");
    EXPECT_EQ(found.application_profile, nullptr);
  }
  for (const char* identifier :
       {"us.amazon.nova-lite-v1:0", "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0"}) {
    const ModelTarget found = target(identifier).value();
    EXPECT_EQ(found.model->id, "amazon.nova-lite-v1:0");
    EXPECT_EQ(found.route, Route::cross_region);
    EXPECT_EQ(found.name, "us.amazon.nova-lite-v1:0");
  }
  EXPECT_EQ(profiles.asked, 0);
}

TEST_F(Targets, AnApplicationProfileStandsForItsSourceUnderItsOwnName) {
  have("amazon.nova-lite-v1:0");
  EXPECT_EQ(target(application)->model->id, "amazon.nova-lite-v1:0");
  EXPECT_EQ(target(application)->route, Route::on_demand);
  have("us.amazon.nova-lite-v1:0");
  EXPECT_EQ(target(application)->route, Route::cross_region);
  have("global.amazon.nova-2-lite-v1:0");
  const ModelTarget found = target(application).value();
  EXPECT_EQ(found.route, Route::global);
  EXPECT_EQ(found.name, "0xumpou8xusv");
  EXPECT_EQ(found.application_profile, profiles.profile);
}

TEST_F(Targets, AnApplicationProfileIsKnownByItsArnAlone) {
  have("amazon.nova-lite-v1:0");
  EXPECT_EQ(refusal("0xumpou8xusv"), "400 ValidationException: The provided model identifier is invalid.");
}

TEST_F(Targets, AnApplicationProfileThatIsNotThereIsNotFound) {
  EXPECT_THAT(refusal(application), ::testing::StartsWith("404 ResourceNotFoundException: "));
}

TEST_F(Targets, AnothersApplicationProfileIsRefusedUnasked) {
  have("amazon.nova-lite-v1:0");
  EXPECT_THAT(refusal("arn:aws:bedrock:us-east-1:444455556666:application-inference-profile/0xumpou8xusv"),
              ::testing::StartsWith("403 AccessDeniedException: "));
  EXPECT_EQ(refusal("arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/0xumpou8xusv"),
            "400 ValidationException: The provided model identifier is invalid.");
  EXPECT_EQ(profiles.asked, 0);
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
