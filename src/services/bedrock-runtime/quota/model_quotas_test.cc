#include "services/bedrock-runtime/quota/model_quotas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace outcrop::bedrock_runtime {
namespace {

using ::testing::StartsWith;

struct ModelQuotas : ::testing::Test {
  const Quota* named(std::string_view name) const {
    auto quota = std::ranges::find(quotas, name, &Quota::name);
    return quota == quotas.end() ? nullptr : &*quota;
  }

  inference::Catalog catalog;
  std::vector<Quota> quotas = model_quotas(catalog);
};

TEST_F(ModelQuotas, HaveAwssNamesDefaultsAndPeriods) {
  const Quota* tokens = named("On-demand model inference tokens per minute for Amazon Nova Lite");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->default_in("us-east-1"), 4'000'000);
  EXPECT_EQ(tokens->default_in("eu-north-1"), 200'000);
  EXPECT_EQ(tokens->period, Quota::Period::minute);
  EXPECT_TRUE(tokens->adjustable);
  const Quota* daily = named("Model invocation max tokens per day for Amazon Nova Pro (doubled for cross-region calls)");
  ASSERT_TRUE(daily);
  EXPECT_EQ(daily->period, Quota::Period::day);
  EXPECT_TRUE(named("Global cross-region model inference requests per minute for Anthropic Claude Haiku 4.5"));
  EXPECT_TRUE(named("Model invocation max tokens per day for Mistral AI Mixtral 8X7B Instruct (doubled for cross-region calls)"))
      << "a quota's own name";
}

TEST_F(ModelQuotas, HaveAwssCodeWhereItIsKnownAndOneOfOursThatStays) {
  EXPECT_EQ(named("Cross-region model inference tokens per minute for Amazon Nova Pro")->code, "L-C0326783");
  EXPECT_EQ(named("On-demand model inference tokens per minute for Amazon Nova Lite")->code, "OUTCROP-6FF88E58");
}

TEST_F(ModelQuotas, AreFoundByTheCodeThatIsEnforced) {
  const inference::CatalogModel& model = *catalog.find_model("amazon.nova-pro-v1:0");
  EXPECT_EQ(quota_code(model, "crossRegionTpm"), "L-C0326783");
  EXPECT_EQ(quota_code(model, "onDemandRpm"), named("On-demand model inference requests per minute for Amazon Nova Pro")->code);
}

TEST_F(ModelQuotas, AreThoseOfModelsThatAnswer) {
  ASSERT_EQ(catalog.find_model("anthropic.claude-3-haiku-20240307-v1:0")->status, "EOL");
  EXPECT_FALSE(named("On-demand model inference tokens per minute for Anthropic Claude 3 Haiku"));
}

TEST_F(ModelQuotas, OfEmbeddingsAreRequestsAlone) {
  EXPECT_TRUE(named("On-demand model inference requests per minute for Amazon Titan Text Embeddings V2"));
  EXPECT_FALSE(named("On-demand model inference tokens per minute for Amazon Titan Text Embeddings V2"));
}

TEST_F(ModelQuotas, HaveEachACodeAndANameOfTheirOwn) {
  std::set<std::string> codes, names;
  for (const Quota& quota : quotas) {
    EXPECT_TRUE(codes.insert(quota.code).second) << quota.code << " of " << quota.name;
    EXPECT_TRUE(names.insert(quota.name).second) << quota.name;
  }
  EXPECT_GT(quotas.size(), 200u);
}

TEST_F(ModelQuotas, AreOfferedWhereTheModelIs) {
  const Quota* on_demand = named("On-demand model inference tokens per minute for Amazon Nova Lite");
  EXPECT_TRUE(on_demand->is_offered_in("us-east-1"));
  EXPECT_FALSE(on_demand->is_offered_in("af-south-1"));
  const Quota* cross_region = named("Cross-region model inference tokens per minute for Amazon Nova Premier V1");
  ASSERT_TRUE(cross_region);
  EXPECT_TRUE(cross_region->is_offered_in("us-west-2"));
  EXPECT_FALSE(cross_region->is_offered_in("eu-west-1"));
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
