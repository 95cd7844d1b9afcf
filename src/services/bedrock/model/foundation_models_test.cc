// What is told of foundation models: the catalogue's facts, as they are in the caller's Region.
#include <gmock/gmock.h>

#include "gen/bedrock/get_foundation_model.h"
#include "gen/bedrock/get_foundation_model_availability.h"
#include "gen/bedrock/list_foundation_models.h"
#include "services/bedrock/testing/bedrock_harness.h"
#include "wire/date_text.h"

namespace outcrop::bedrock {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

struct FoundationModels : BedrockHarness {
  std::vector<std::string> ids(ListFoundationModelsInput input = {}) { return ids_in(call, std::move(input)); }
  std::vector<std::string> ids_in(Call& where, ListFoundationModelsInput input = {}) {
    auto output = run(list_foundation_models(bedrock, where, std::move(input)));
    std::vector<std::string> ids;
    for (const FoundationModelSummary& model : *output->model_summaries) ids.push_back(model.model_id);
    return ids;
  }
  Result<FoundationModelDetails> get(std::string identifier) { return get_in(call, std::move(identifier)); }
  Result<FoundationModelDetails> get_in(Call& where, std::string identifier) {
    auto output = run(get_foundation_model(bedrock, where, {.model_identifier = std::move(identifier)}));
    if (!output) return fail(std::move(output.error()));
    return std::move(*output->model_details);
  }
};

TEST_F(FoundationModels, AModelIsToldOfWithAllThatIsKnown) {
  const FoundationModelDetails model = get("amazon.nova-lite-v1:0").value();
  EXPECT_EQ(model.model_arn, "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0");
  EXPECT_EQ(model.model_name, "Nova Lite");
  EXPECT_EQ(model.provider_name, "Amazon");
  EXPECT_THAT(*model.input_modalities, ElementsAre("TEXT", "IMAGE", "VIDEO"));
  EXPECT_THAT(*model.output_modalities, ElementsAre("TEXT"));
  EXPECT_EQ(model.response_streaming_supported, true);
  EXPECT_THAT(*model.customizations_supported, ElementsAre("FINE_TUNING", "DISTILLATION"));
  EXPECT_THAT(*model.inference_types_supported, ElementsAre("ON_DEMAND", "PROVISIONED", "INFERENCE_PROFILE"));
  EXPECT_EQ(model.model_lifecycle->status, "ACTIVE");
}

TEST_F(FoundationModels, AModelIsFoundByItsArn) {
  EXPECT_EQ(get(std::string(nova_lite))->model_id, "amazon.nova-lite-v1:0");
  EXPECT_EQ(refusal_of(get("arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0")), "400 ValidationException");
}

TEST_F(FoundationModels, ALifecycleHasTheDaysThatAreKnown) {
  const FoundationModelLifecycle lifecycle = *get("ai21.jamba-1-5-large-v1:0")->model_lifecycle;
  EXPECT_EQ(lifecycle.status, "LEGACY");
  EXPECT_EQ(lifecycle.legacy_time, wire::parse_date_time("2026-05-26T00:00:00Z").value());
  EXPECT_EQ(lifecycle.public_extended_access_time, wire::parse_date_time("2026-08-26T00:00:00Z").value());
  EXPECT_EQ(lifecycle.end_of_life_time, wire::parse_date_time("2026-11-26T00:00:00Z").value());
  EXPECT_FALSE(lifecycle.start_of_life_time);
}

TEST_F(FoundationModels, AModelThatOnlyProfilesReachSaysSo) {
  EXPECT_THAT(*get("anthropic.claude-haiku-4-5-20251001-v1:0")->inference_types_supported, ElementsAre("INFERENCE_PROFILE"));
}

TEST_F(FoundationModels, AnUnknownModelIsRefusedInAwssWords) {
  for (const char* identifier : {"amazon.none-v1:0", "us.amazon.nova-lite-v1:0", "cohere.command-r-v1:0", "amazon.titan-text-express-v1"}) {
    const auto refused = get(identifier);
    EXPECT_EQ(refusal_of(refused), "400 ValidationException") << identifier;
    EXPECT_EQ(refused.error().message, "The provided model identifier is invalid.");
  }
}

TEST_F(FoundationModels, ARegionListsWhatItHas) {
  Call far = call_from("eu-north-1");
  EXPECT_THAT(ids(), Contains("ai21.jamba-1-5-large-v1:0"));
  EXPECT_THAT(ids_in(far), Not(Contains("ai21.jamba-1-5-large-v1:0")));
  EXPECT_EQ(refusal_of(get_in(far, "ai21.jamba-1-5-large-v1:0")), "400 ValidationException");
  EXPECT_THAT(*get_in(far, "amazon.nova-lite-v1:0")->inference_types_supported, Contains("INFERENCE_PROFILE"));
  Call nowhere = call_from("xx-nowhere-1");
  EXPECT_THAT(ids_in(nowhere), IsEmpty());
}

TEST_F(FoundationModels, ModelsThatAreGoneAreNotListed) {
  EXPECT_THAT(ids(), Not(Contains("amazon.titan-text-express-v1")));
  EXPECT_THAT(ids(), Not(Contains("anthropic.claude-3-haiku-20240307-v1:0")));
}

TEST_F(FoundationModels, TheListIsFilteredByProviderInAnyCase) {
  const std::vector<std::string> anthropic = ids({.by_provider = "anthropic"});
  EXPECT_THAT(anthropic, Contains("anthropic.claude-haiku-4-5-20251001-v1:0"));
  EXPECT_THAT(anthropic, Each(::testing::StartsWith("anthropic.")));
  EXPECT_THAT(ids({.by_provider = "Anthropic"}), anthropic);
  EXPECT_THAT(ids({.by_provider = "Nobody"}), IsEmpty());
}

TEST_F(FoundationModels, TheListIsFilteredByWhatModelsDo) {
  EXPECT_THAT(ids({.by_output_modality = "EMBEDDING"}), IsSupersetOf({"amazon.titan-embed-text-v2:0", "cohere.embed-v4:0"}));
  EXPECT_THAT(ids({.by_output_modality = "EMBEDDING"}), Not(Contains("amazon.nova-lite-v1:0")));
  EXPECT_THAT(ids({.by_customization_type = "DISTILLATION"}), Contains("amazon.nova-lite-v1:0"));
  EXPECT_THAT(ids({.by_customization_type = "DISTILLATION"}), Not(Contains("anthropic.claude-haiku-4-5-20251001-v1:0")));
  EXPECT_THAT(ids({.by_inference_type = "ON_DEMAND"}), Contains("amazon.nova-lite-v1:0"));
  EXPECT_THAT(ids({.by_inference_type = "ON_DEMAND"}), Not(Contains("anthropic.claude-haiku-4-5-20251001-v1:0")));
  EXPECT_THAT(ids({.by_provider = "Amazon", .by_output_modality = "EMBEDDING"}), Not(Contains("cohere.embed-v4:0")));
}

TEST_F(FoundationModels, AvailabilityIsARegionsAlone) {
  Call far = call_from("eu-north-1");
  auto here = run(get_foundation_model_availability(bedrock, call, {.model_id = "ai21.jamba-1-5-large-v1:0"}));
  auto there = run(get_foundation_model_availability(bedrock, far, {.model_id = "ai21.jamba-1-5-large-v1:0"}));
  EXPECT_EQ(here->region_availability, "AVAILABLE");
  EXPECT_EQ(there->region_availability, "NOT_AVAILABLE");
  for (const auto& answer : {*here, *there}) {
    EXPECT_EQ(answer.model_id, "ai21.jamba-1-5-large-v1:0");
    EXPECT_EQ(answer.agreement_availability.status, "AVAILABLE");
    EXPECT_EQ(answer.authorization_status, "AUTHORIZED");
    EXPECT_EQ(answer.entitlement_availability, "AVAILABLE");
  }
  EXPECT_EQ(refusal_of(run(get_foundation_model_availability(bedrock, call, {.model_id = "amazon.none-v1:0"}))), "400 ValidationException");
}

}  // namespace
}  // namespace outcrop::bedrock
