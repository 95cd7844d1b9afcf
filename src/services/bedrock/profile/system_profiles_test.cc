// Inference profiles that the service defines.
#include <gmock/gmock.h>

#include "gen/bedrock/delete_inference_profile.h"
#include "gen/bedrock/get_inference_profile.h"
#include "gen/bedrock/list_inference_profiles.h"
#include "services/bedrock/testing/bedrock_harness.h"

namespace outcrop::bedrock {
namespace {

using ::testing::ElementsAre;

struct SystemProfiles : BedrockHarness {
  Result<GetInferenceProfileOutput> get(std::string identifier) { return get_in(call, std::move(identifier)); }
  Result<GetInferenceProfileOutput> get_in(Call& where, std::string identifier) {
    return run(get_inference_profile(bedrock, where, {.inference_profile_identifier = std::move(identifier)}));
  }
  static std::vector<std::string> models(const GetInferenceProfileOutput& profile) {
    std::vector<std::string> arns;
    for (const InferenceProfileModel& model : profile.models) arns.push_back(*model.model_arn);
    return arns;
  }
};

TEST_F(SystemProfiles, AProfileSaysWhereItRoutesTo) {
  const GetInferenceProfileOutput profile = get("us.amazon.nova-micro-v1:0").value();
  EXPECT_EQ(profile.inference_profile_name, "US Nova Micro");
  EXPECT_EQ(profile.description, "Routes requests to Nova Micro in us-east-1, us-east-2 and us-west-2.");
  EXPECT_EQ(profile.inference_profile_arn, "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-micro-v1:0");
  EXPECT_EQ(profile.inference_profile_id, "us.amazon.nova-micro-v1:0");
  EXPECT_EQ(profile.status, "ACTIVE");
  EXPECT_EQ(profile.type, "SYSTEM_DEFINED");
  EXPECT_THAT(models(profile), ElementsAre("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
                                           "arn:aws:bedrock:us-east-2::foundation-model/amazon.nova-micro-v1:0",
                                           "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-micro-v1:0"));
}

TEST_F(SystemProfiles, AGlobalProfileHasTheArnWithoutARegion) {
  const GetInferenceProfileOutput profile = get("global.amazon.nova-2-lite-v1:0").value();
  EXPECT_EQ(profile.inference_profile_name, "GLOBAL Amazon Nova 2 Lite");
  EXPECT_EQ(profile.description, "Routes requests to Amazon Nova 2 Lite globally across all supported AWS Regions.");
  EXPECT_THAT(models(profile), ElementsAre("arn:aws:bedrock:::foundation-model/amazon.nova-2-lite-v1:0",
                                           "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-2-lite-v1:0"));
}

TEST_F(SystemProfiles, ANameThatNobodyWroteDownFollowsTheOthers) {
  const GetInferenceProfileOutput profile = get("us.anthropic.claude-opus-5").value();
  EXPECT_EQ(profile.inference_profile_name, "US Anthropic Claude Opus 5");
  EXPECT_EQ(profile.description, "Routes requests to Anthropic Claude Opus 5 in us-east-1, us-east-2 and us-west-2.");
  EXPECT_EQ(get("global.anthropic.claude-opus-5")->inference_profile_name, "Global Anthropic Claude Opus 5");
}

TEST_F(SystemProfiles, RoutesDifferFromRegionToRegion) {
  Call japan = call_from("ap-northeast-1"), new_zealand = call_from("ap-southeast-6");
  EXPECT_EQ(get_in(japan, "jp.amazon.nova-2-lite-v1:0")->description,
            "Routes requests to Amazon Nova 2 Lite in ap-northeast-1 and ap-northeast-3.");
  EXPECT_EQ(get_in(new_zealand, "au.anthropic.claude-sonnet-4-6")->models.size(), 3u);
}

TEST_F(SystemProfiles, AProfileOfOtherRegionsIsNotFound) {
  EXPECT_EQ(refusal_of(get("eu.amazon.nova-micro-v1:0")), "404 ResourceNotFoundException");
  EXPECT_EQ(refusal_of(get("arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-micro-v1:0")),
            "400 ValidationException");
  EXPECT_EQ(refusal_of(get("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.none")), "404 ResourceNotFoundException");
}

TEST_F(SystemProfiles, AnArnMayLeaveOutTheAccountButNotNameAnother) {
  EXPECT_TRUE(get("arn:aws:bedrock:us-east-1::inference-profile/us.amazon.nova-micro-v1:0"));
  EXPECT_EQ(refusal_of(get("arn:aws:bedrock:us-east-1:444455556666:inference-profile/us.amazon.nova-micro-v1:0")),
            "403 AccessDeniedException");
}

TEST_F(SystemProfiles, AreListedUnlessAskedOtherwise) {
  ASSERT_TRUE(create("mine"));
  auto listed = run(list_inference_profiles(bedrock, call, {}));
  ASSERT_GT(listed->inference_profile_summaries->size(), 30u);
  for (const InferenceProfileSummary& profile : *listed->inference_profile_summaries) {
    EXPECT_EQ(profile.type, "SYSTEM_DEFINED");
    EXPECT_TRUE(get(profile.inference_profile_id)) << profile.inference_profile_id;
    EXPECT_TRUE(profile.inference_profile_id.starts_with("us.") || profile.inference_profile_id.starts_with("global."))
        << profile.inference_profile_id;
  }
  EXPECT_FALSE(listed->next_token);
}

TEST_F(SystemProfiles, CannotBeDeleted) {
  EXPECT_EQ(refusal_of(run(delete_inference_profile(bedrock, call, {.inference_profile_identifier = "us.amazon.nova-micro-v1:0"}))),
            "400 ValidationException");
}

}  // namespace
}  // namespace outcrop::bedrock
