// The tags of application inference profiles.
#include "services/bedrock/resource/tags.h"

#include <gmock/gmock.h>

#include "gen/bedrock/errors.h"
#include "gen/bedrock/list_tags_for_resource.h"
#include "gen/bedrock/tag_resource.h"
#include "gen/bedrock/untag_resource.h"
#include "services/bedrock/limits.h"
#include "services/bedrock/testing/bedrock_harness.h"
#include "wire/error.h"

namespace outcrop::bedrock {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct ProfileTags : BedrockHarness {
  auto tag(std::string arn, std::vector<Tag> tags) {
    return run(tag_resource(bedrock, call, {.resource_arn = std::move(arn), .tags = std::move(tags)}));
  }
  auto untag(std::string arn, std::vector<std::string> keys) {
    return run(untag_resource(bedrock, call, {.resource_arn = std::move(arn), .tag_keys = std::move(keys)}));
  }
  Result<std::vector<Tag>> tags(std::string arn) {
    auto output = run(list_tags_for_resource(bedrock, call, {.resource_arn = std::move(arn)}));
    if (!output) return fail(std::move(output.error()));
    return *output->tags;
  }
  static std::vector<Tag> many(size_t count, std::string prefix) {
    std::vector<Tag> tags;
    for (size_t i = 0; i < count; ++i) tags.push_back({prefix + std::to_string(i), "v"});
    return tags;
  }
};

TEST_F(ProfileTags, AreAddedOverwrittenAndTaken) {
  const std::string arn = create("mine").value();
  EXPECT_THAT(tags(arn).value(), IsEmpty());
  ASSERT_TRUE(tag(arn, {{"team", "claims"}, {"stage", "test"}}));
  ASSERT_TRUE(tag(arn, {{"stage", "live"}}));
  EXPECT_THAT(tags(arn).value(), ElementsAre(Tag{"team", "claims"}, Tag{"stage", "live"}));
  ASSERT_TRUE(untag(arn, {"team", "never there"}));
  EXPECT_THAT(tags(arn).value(), ElementsAre(Tag{"stage", "live"}));
}

TEST_F(ProfileTags, ComeWithTheProfile) {
  CreateInferenceProfileInput input{.inference_profile_name = "tagged", .tags = std::vector<Tag>{{"team", "claims"}}};
  input.model_source.copy_from = std::string(nova_lite);
  const auto made = run(create_inference_profile(bedrock, call, input));
  EXPECT_THAT(tags(made->inference_profile_arn).value(), ElementsAre(Tag{"team", "claims"}));
  input.inference_profile_name = "too many";
  input.tags = many(limits::tags_max + 1, "k");
  EXPECT_EQ(refusal_of(run(create_inference_profile(bedrock, call, input))), "400 TooManyTagsException");
}

TEST_F(ProfileTags, AreFiftyAtTheMost) {
  const std::string arn = create("mine").value();
  ASSERT_TRUE(tag(arn, many(limits::tags_max, "k")));
  ASSERT_TRUE(tag(arn, {{"k0", "again"}}));
  const auto refused = tag(arn, {{"one more", ""}});
  EXPECT_EQ(refusal_of(refused), "400 TooManyTagsException");
  EXPECT_EQ(wire::error_in<TooManyTagsException>(refused.error())->resource_name, arn);
  EXPECT_EQ(tags(arn)->size(), limits::tags_max);
}

TEST_F(ProfileTags, ReservedAndRepeatedKeysAreRefused) {
  const std::string arn = create("mine").value();
  EXPECT_EQ(refusal_of(tag(arn, {{"AWS:team", "x"}})), "400 ValidationException");
  EXPECT_EQ(refusal_of(tag(arn, {{"team", "x"}, {"team", "y"}})), "400 ValidationException");
  EXPECT_THAT(tags(arn).value(), IsEmpty());
}

TEST_F(ProfileTags, OfTheServicesOwnProfilesAreNone) {
  EXPECT_THAT(tags(std::string(us_nova_lite)).value(), IsEmpty());
  EXPECT_EQ(refusal_of(tag(std::string(us_nova_lite), {{"team", "x"}})), "400 ValidationException");
  EXPECT_EQ(refusal_of(untag(std::string(us_nova_lite), {"team"})), "400 ValidationException");
}

TEST_F(ProfileTags, OfWhatIsNotThereAreNotFound) {
  for (const char* arn : {"arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/000000000000",
                          "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"}) {
    EXPECT_EQ(refusal_of(tags(arn)), "404 ResourceNotFoundException") << arn;
    EXPECT_EQ(refusal_of(tag(arn, {{"team", "x"}})), "404 ResourceNotFoundException") << arn;
    EXPECT_EQ(refusal_of(untag(arn, {"team"})), "404 ResourceNotFoundException") << arn;
  }
}

}  // namespace
}  // namespace outcrop::bedrock
