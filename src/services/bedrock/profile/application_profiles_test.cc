// Inference profiles that accounts make: their life, what is refused, and what is remembered of them.
#include <gmock/gmock.h>

#include "base/encoding.h"
#include "gen/bedrock/delete_inference_profile.h"
#include "gen/bedrock/get_inference_profile.h"
#include "gen/bedrock/list_inference_profiles.h"
#include "services/bedrock/limits.h"
#include "services/bedrock/testing/bedrock_harness.h"
#include "wire/record.h"

namespace outcrop::bedrock {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

struct ApplicationProfileLife : BedrockHarness {
  Result<GetInferenceProfileOutput> get(std::string identifier) { return get_in(call, std::move(identifier)); }
  Result<GetInferenceProfileOutput> get_in(Call& where, std::string identifier) {
    return run(get_inference_profile(bedrock, where, {.inference_profile_identifier = std::move(identifier)}));
  }
  auto erase(std::string identifier) {
    return run(delete_inference_profile(bedrock, call, {.inference_profile_identifier = std::move(identifier)}));
  }
  auto list(std::optional<int32_t> most = {}, std::optional<std::string> token = {}, std::string type = "APPLICATION") {
    return run(
        list_inference_profiles(bedrock, call, {.max_results = most, .next_token = std::move(token), .type_equals = std::move(type)}));
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const InferenceProfileSummary& profile : *list()->inference_profile_summaries) names.push_back(profile.inference_profile_name);
    std::ranges::sort(names);
    return names;
  }
  // What the data plane finds.
  std::shared_ptr<const inference::ApplicationProfile> found(const std::string& arn) {
    return run(bedrock.application_profiles().find(call, id_in(arn))).value();
  }
};

TEST_F(ApplicationProfileLife, AProfileOfAModelIsToldOfAsItWasMade) {
  const std::string arn = create("Claims desk").value();
  EXPECT_THAT(arn, MatchesRegex("arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/[a-z0-9]{12}"));
  for (const std::string& identifier : {arn, id_in(arn)}) {
    const GetInferenceProfileOutput profile = get(identifier).value();
    EXPECT_EQ(profile.inference_profile_name, "Claims desk");
    EXPECT_FALSE(profile.description);
    EXPECT_EQ(profile.created_at, TestWorld::start);
    EXPECT_EQ(profile.updated_at, TestWorld::start);
    EXPECT_EQ(profile.inference_profile_arn, arn);
    EXPECT_EQ(profile.inference_profile_id, id_in(arn));
    EXPECT_THAT(profile.models, ElementsAre(InferenceProfileModel{std::string(nova_lite)}));
    EXPECT_EQ(profile.status, "ACTIVE");
    EXPECT_EQ(profile.type, "APPLICATION");
  }
}

TEST_F(ApplicationProfileLife, ACopyOfAProfileRoutesAsThatDoes) {
  EXPECT_EQ(get(create("copy", std::string(us_nova_lite)).value())->models, get("us.amazon.nova-lite-v1:0")->models);
  EXPECT_TRUE(create("without account", "arn:aws:bedrock:us-east-1::inference-profile/us.amazon.nova-lite-v1:0"));
}

TEST_F(ApplicationProfileLife, WhatCanBeNoSourceIsRefusedInAwssWords) {
  for (const char* source :
       {"arn:aws:bedrock:us-east-1::foundation-model/amazon.none-v1:0", "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/0xumpou8xusv"}) {
    const auto refused = create("name", source);
    EXPECT_EQ(refusal_of(refused), "400 ValidationException") << source;
    EXPECT_EQ(refused.error().message, "copyFrom must be a valid inference profile model source ARN.");
  }
  EXPECT_EQ(refusal_of(create("name", "arn:aws:bedrock:us-east-1:444455556666:inference-profile/us.amazon.nova-lite-v1:0")),
            "403 AccessDeniedException");
}

TEST_F(ApplicationProfileLife, NamesAreUniqueInAnAccountAndRegion) {
  ASSERT_TRUE(create("taken"));
  EXPECT_EQ(refusal_of(create("taken")), "400 ConflictException");
  Call elsewhere = call_from("us-west-2"), other = call_from("us-east-1", "444455556666");
  EXPECT_TRUE(create_in(elsewhere, "taken", "arn:aws:bedrock:us-west-2::inference-profile/us.amazon.nova-lite-v1:0"));
  EXPECT_TRUE(create_in(other, "taken", std::string(nova_lite)));
}

TEST_F(ApplicationProfileLife, ARequestThatComesAgainMakesNothing) {
  const std::string first = create("once", std::string(nova_lite), "token-1").value();
  EXPECT_EQ(create("once", std::string(nova_lite), "token-1"), first);
  EXPECT_EQ(create("never", std::string(us_nova_lite), "token-1"), first);
  EXPECT_THAT(names(), ElementsAre("once"));
}

TEST_F(ApplicationProfileLife, DeletingFreesNameAndToken) {
  const std::string first = create("again", std::string(nova_lite), "token-1").value();
  ASSERT_TRUE(erase(first));
  EXPECT_EQ(refusal_of(get(first)), "404 ResourceNotFoundException");
  EXPECT_EQ(refusal_of(erase(id_in(first))), "404 ResourceNotFoundException");
  const auto second = create("again", std::string(nova_lite), "token-1");
  ASSERT_TRUE(second);
  EXPECT_NE(*second, first);
}

TEST_F(ApplicationProfileLife, TheQuotaHolds) {
  store::WriteBatch batch;
  const ProfileKeys keys(place_of(call));
  for (size_t i = 0; i + 1 < limits::application_profiles_max; ++i) batch.put(keys.name("n" + std::to_string(i)), "id");
  ASSERT_TRUE(run(store->write(std::move(batch))));
  const std::string last = create("last").value();
  EXPECT_EQ(refusal_of(create("one more")), "400 ServiceQuotaExceededException");
  ASSERT_TRUE(erase(last));
  EXPECT_TRUE(create("one more"));
}

TEST_F(ApplicationProfileLife, AnothersProfilesAreOutOfReach) {
  const std::string arn = create("mine").value();
  Call other = call_from("us-east-1", "444455556666"), elsewhere = call_from("us-west-2");
  EXPECT_EQ(refusal_of(get_in(other, arn)), "403 AccessDeniedException");
  EXPECT_EQ(refusal_of(get_in(other, id_in(arn))), "404 ResourceNotFoundException");
  EXPECT_EQ(refusal_of(get_in(elsewhere, arn)), "400 ValidationException");
}

TEST_F(ApplicationProfileLife, PagesHoldEachProfileOnce) {
  for (const char* name : {"a", "b", "c", "d", "e"}) ASSERT_TRUE(create(name));
  std::vector<std::string> seen;
  std::vector<size_t> sizes;
  std::optional<std::string> token;
  do {
    auto page = list(2, token).value();
    sizes.push_back(page.inference_profile_summaries->size());
    for (const InferenceProfileSummary& profile : *page.inference_profile_summaries) seen.push_back(profile.inference_profile_name);
    token = page.next_token;
  } while (token);
  std::ranges::sort(seen);
  EXPECT_THAT(seen, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
}

TEST_F(ApplicationProfileLife, TokensOfOtherListsAreRefused) {
  const std::string of_system_profiles = *list(1, {}, "SYSTEM_DEFINED")->next_token;
  EXPECT_TRUE(list(1, of_system_profiles, "SYSTEM_DEFINED"));
  EXPECT_EQ(refusal_of(list(1, of_system_profiles)), "400 ValidationException");
  EXPECT_EQ(refusal_of(list(1, "nonsense!")), "400 ValidationException");
  EXPECT_EQ(refusal_of(list(1, base64url("APPLICATION/"))), "400 ValidationException");
}

TEST_F(ApplicationProfileLife, InvocationsFindWhatItStandsFor) {
  const std::string of_model = create("of a model").value(), of_profile = create("of a profile", std::string(us_nova_lite)).value();
  EXPECT_EQ(found(of_model)->arn, of_model);
  EXPECT_EQ(found(of_model)->id, id_in(of_model));
  EXPECT_EQ(found(of_model)->source, "amazon.nova-lite-v1:0");
  EXPECT_EQ(found(of_profile)->source, "us.amazon.nova-lite-v1:0");
  EXPECT_EQ(found("x/000000000000"), nullptr);
}

TEST_F(ApplicationProfileLife, InvocationsRememberWhatTheyFoundUntilItIsDeleted) {
  const std::string arn = create("mine").value();
  const auto first = found(arn);
  EXPECT_EQ(found(arn), first);
  ASSERT_TRUE(erase(arn));
  EXPECT_EQ(found(arn), nullptr);
}

TEST_F(ApplicationProfileLife, AResetForgetsAnAccountsProfilesOrAll) {
  const std::string arn = create("mine").value();
  Call other = call_from("us-east-1", "444455556666");
  const std::string others = create_in(other, "theirs", std::string(nova_lite)).value();
  ASSERT_NE(found(arn), nullptr);
  ASSERT_TRUE(run(bedrock.application_profiles().forget("111122223333")));
  EXPECT_EQ(found(arn), nullptr);
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_TRUE(create("mine"));
  EXPECT_TRUE(get_in(other, others));
  ASSERT_TRUE(run(bedrock.application_profiles().forget(std::nullopt)));
  EXPECT_FALSE(get_in(other, others));
  EXPECT_THAT(run(store->scan(store::Range::prefix("global/bedrock/"))).value(), IsEmpty());
}

// A store in which something happens between a read and its answer.
class InterruptedStore final : public store::Store {
 public:
  explicit InterruptedStore(store::Store& inner) : inner_(inner) {}
  std::function<Task<Result<void>>()> interruption;

  Task<Result<std::optional<std::string>>> get(std::string_view key) override {
    auto read = co_await inner_.get(key);
    if (interruption) co_await std::exchange(interruption, nullptr)();
    co_return read;
  }
  Task<Result<std::vector<store::Entry>>> scan(const store::Range& range, store::ScanOptions options = {}) override {
    return inner_.scan(range, options);
  }
  Task<Result<void>> write(store::WriteBatch batch) override { return inner_.write(std::move(batch)); }
  store::StoreStats stats() const override { return inner_.stats(); }
  Task<Result<void>> flush() override { return inner_.flush(); }

 protected:
  Task<Result<std::unique_ptr<store::Transaction>>> begin() override { co_return fail("Unsupported", 500, ""); }
  Task<Result<bool>> commit(std::unique_ptr<store::Transaction>) override { co_return fail("Unsupported", 500, ""); }
  Task<Result<void>> back_off(int) override { co_return {}; }

 private:
  store::Store& inner_;
};

TEST_F(ApplicationProfileLife, WhatWasReadBeforeADeletionIsNotRemembered) {
  const std::string arn = create("mine").value();
  InterruptedStore interrupted(*store);
  World through{test.clock, test.random, interrupted, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  ApplicationProfiles profiles(through);
  const std::optional<std::string> everyone;
  interrupted.interruption = [&] { return profiles.forget(everyone); };
  EXPECT_NE(run(profiles.find(call, id_in(arn))).value(), nullptr);
  EXPECT_EQ(run(profiles.find(call, id_in(arn))).value(), nullptr);
}

TEST(BedrockRecords, AnApplicationProfileHasTheseBytes) {
  ApplicationProfileRecord record;
  record.name = "Claims desk";
  record.description = "For adjusters";
  record.source = "us.amazon.nova-lite-v1:0";
  record.models = {"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"};
  record.created_at = record.updated_at = instant_from_ms(1'800'000'000'000);
  record.request_token = "t-1";
  record.tags["team"] = "claims";
  const std::string bytes = wire::encode_record(record);
  EXPECT_EQ(hex(bytes),
            "01060b436c61696d73206465736b0a0d466f722061646a7573746572730e1875732e616d617a6f6e2e6e6f76612d6c6974652d76313a30124301"
            "4161726e3a6177733a626564726f636b3a75732d656173742d313a3a666f756e646174696f6e2d6d6f64656c2f616d617a6f6e2e6e6f76612d6c"
            "6974652d76313a301480c0e285e3681880c0e285e3681e03742d31220d01047465616d06636c61696d73");
  EXPECT_EQ(wire::decode_record<ApplicationProfileRecord>(bytes).value(), record);
}

TEST(BedrockRecords, UnknownMembersOfAProfileSurvive) {
  ApplicationProfileRecord record;
  record.name = "n";
  const auto read = wire::decode_record<ApplicationProfileRecord>(wire::encode_record(record) + "\x52\x03new").value();  // member 20
  EXPECT_NE(wire::encode_record(read).find("new"), std::string::npos);
}

TEST(BedrockRecords, ProfilesLieUnderTheseKeys) {
  const ProfileKeys keys({"111122223333", "us-east-1"});
  EXPECT_EQ(keys.profile("0xumpou8xusv"), "global/bedrock/111122223333/us-east-1/p/0xumpou8xusv");
  EXPECT_EQ(keys.name("Claims desk"), "global/bedrock/111122223333/us-east-1/n/Claims desk");
  EXPECT_EQ(keys.token("t-1"), "global/bedrock/111122223333/us-east-1/t/t-1");
  EXPECT_EQ(keys.id_in(keys.profile("0xumpou8xusv")), "0xumpou8xusv");
}

}  // namespace
}  // namespace outcrop::bedrock
