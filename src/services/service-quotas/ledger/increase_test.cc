// Requests for more: applied at once, kept, and told.
#include <gmock/gmock.h>

#include "gen/service-quotas/get_aws_default_service_quota.h"
#include "gen/service-quotas/get_requested_service_quota_change.h"
#include "gen/service-quotas/get_service_quota.h"
#include "gen/service-quotas/list_requested_service_quota_change_history.h"
#include "gen/service-quotas/list_requested_service_quota_change_history_by_quota.h"
#include "gen/service-quotas/list_tags_for_resource.h"
#include "gen/service-quotas/tag_resource.h"
#include "gen/service-quotas/untag_resource.h"
#include "services/service-quotas/testing/quota_harness.h"

namespace outcrop::service_quotas {
namespace {

using ::testing::ElementsAre;

struct QuotaIncrease : QuotaHarness {
  double value(std::string quota_code, std::string region = "us-east-1", std::string account = "111122223333") {
    auto got = run(get_service_quota, {.service_code = "post", .quota_code = std::move(quota_code)}, std::move(region), std::move(account));
    return got ? got->quota->value.value() : -1;
  }
  std::vector<double> history(ListRequestedServiceQuotaChangeHistoryInput input = {}) {
    std::vector<double> values;
    for (const RequestedServiceQuotaChange& change : *run(list_requested_service_quota_change_history, std::move(input))->requested_quotas)
      values.push_back(change.desired_value.value());
    return values;
  }
  std::vector<std::string> tags(std::string quota_code) {
    std::vector<std::string> texts;
    for (const Tag& tag : *run(list_tags_for_resource, {.resource_arn = arn(quota_code)})->tags) texts.push_back(tag.key + "=" + tag.value);
    return texts;
  }
  static std::string arn(std::string_view quota_code) {
    return "arn:aws:servicequotas:us-east-1:111122223333:post/" + std::string(quota_code);
  }
};

TEST_F(QuotaIncrease, IsApprovedAndAppliesAtOnce) {
  const QuotaBook::Applied held = book->applied("111122223333", "us-east-1", "post", "L-2", 100);
  auto requested = increase("L-2", 250);
  ASSERT_TRUE(requested) << requested.error().message;
  const RequestedServiceQuotaChange& change = *requested->requested_quota;
  EXPECT_EQ(change.status, "APPROVED");
  EXPECT_EQ(change.desired_value, 250);
  EXPECT_EQ(change.quota_name, "Letters per day");
  EXPECT_EQ(change.service_name, "Amazon Post");
  EXPECT_EQ(change.quota_arn, arn("L-2"));
  EXPECT_EQ(change.created, TestWorld::start);
  EXPECT_EQ(change.requester, R"({"accountId":"111122223333","callerArn":"arn:aws:iam::111122223333:root"})");
  EXPECT_EQ(change.id->size(), 40u);
  EXPECT_EQ(value("L-2"), 250);
  EXPECT_EQ(held.value(), 250) << "where it is enforced";
}

TEST_F(QuotaIncrease, LeavesDefaultsOtherRegionsAndOtherAccountsAlone) {
  ASSERT_TRUE(increase("L-2", 250));
  EXPECT_EQ(run(get_aws_default_service_quota, {.service_code = "post", .quota_code = "L-2"})->quota->value, 100);
  EXPECT_EQ(value("L-2", "eu-west-1"), 20);
  EXPECT_EQ(value("L-2", "us-east-1", "444455556666"), 100);
}

TEST_F(QuotaIncrease, MustBeMoreThanWhatApplies) {
  const std::string too_little = "IllegalArgumentException: You must provide a quota value greater than the current quota value";
  EXPECT_EQ(refusal(increase("L-2", std::numeric_limits<double>::quiet_NaN())), too_little);
  EXPECT_EQ(refusal(increase("L-2", 100)), too_little);
  ASSERT_TRUE(increase("L-2", 250));
  EXPECT_EQ(refusal(increase("L-2", 250)), too_little);
  EXPECT_TRUE(increase("L-2", 21, "eu-west-1")) << "20 apply there";
  EXPECT_THAT(history(), ElementsAre(250)) << "what is refused is not kept";
}

TEST_F(QuotaIncrease, IsRefusedWhereTheQuotaIsNotAdjustable) {
  EXPECT_EQ(refusal(increase("L-1", 10)), "IllegalArgumentException: The request failed because the specified quota is not adjustable.");
}

TEST_F(QuotaIncrease, IsKeptOverARestart) {
  const std::string id = *increase("L-2", 250)->requested_quota->id;
  start();
  EXPECT_EQ(value("L-2"), 250);
  EXPECT_EQ(book->applied("111122223333", "us-east-1", "post", "L-2", 100).value(), 250);
  EXPECT_EQ(run(get_requested_service_quota_change, {.request_id = id})->requested_quota->desired_value, 250);
}

TEST_F(QuotaIncrease, IsFoundByItsIdInItsPlace) {
  const std::string id = *increase("L-2", 250)->requested_quota->id;
  EXPECT_EQ(run(get_requested_service_quota_change, {.request_id = id})->requested_quota->id, id);
  EXPECT_EQ(refusal(run(get_requested_service_quota_change, {.request_id = id}, "eu-west-1")),
            "NoSuchResourceException: The request failed because the specified quota increase request does not exist.");
}

TEST_F(QuotaIncrease, HistoryIsTheNewestFirstAlsoWithinAMoment) {
  for (double desired : {200, 300, 400}) ASSERT_TRUE(increase("L-2", desired));
  test.advance(Seconds(1));
  ASSERT_TRUE(increase("L-3", 50));
  EXPECT_THAT(history(), ElementsAre(50, 400, 300, 200));
  EXPECT_THAT(history({.service_code = "rail"}), ElementsAre());
  auto by_quota = run(list_requested_service_quota_change_history_by_quota, {.service_code = "post", .quota_code = "L-3"});
  EXPECT_EQ(by_quota->requested_quotas->size(), 1u);
}

TEST_F(QuotaIncrease, HistoryComesInPages) {
  for (double desired : {200, 300, 400}) ASSERT_TRUE(increase("L-2", desired));
  auto first = run(list_requested_service_quota_change_history, {.max_results = 2});
  EXPECT_EQ(first->requested_quotas->size(), 2u);
  ASSERT_TRUE(first->next_token);
  EXPECT_THAT(history({.next_token = first->next_token}), ElementsAre(200));
  EXPECT_FALSE(run(list_requested_service_quota_change_history, {.max_results = 3})->next_token);
}

TEST_F(QuotaIncrease, HistoryIsFilteredByStatusAndLevel) {
  ASSERT_TRUE(increase("L-2", 200));
  EXPECT_THAT(history({.status = "APPROVED"}), ElementsAre(200));
  EXPECT_THAT(history({.status = "PENDING"}), ElementsAre());
  EXPECT_THAT(history({.quota_requested_at_level = "ALL"}), ElementsAre(200));
  EXPECT_THAT(history({.quota_requested_at_level = "RESOURCE"}), ElementsAre());
}

TEST_F(QuotaIncrease, HistoryEndsAfterNinetyDaysAndTheValueStays) {
  const std::string id = *increase("L-2", 200)->requested_quota->id;
  test.advance(std::chrono::days(90));
  EXPECT_THAT(history(), ElementsAre(200));
  test.advance(Milliseconds(1));
  EXPECT_THAT(history(), ElementsAre());
  EXPECT_FALSE(run(get_requested_service_quota_change, {.request_id = id}));
  ASSERT_TRUE(increase("L-2", 300)) << "which erases what is older";
  start();
  EXPECT_THAT(history(), ElementsAre(300));
  EXPECT_EQ(value("L-2"), 300);
}

TEST_F(QuotaIncrease, IsForgottenWithItsAccount) {
  ASSERT_TRUE(increase("L-2", 200));
  ASSERT_TRUE(increase("L-2", 300, "us-east-1", "444455556666"));
  ASSERT_TRUE(test.run(service->ledger().forget("111122223333")));
  EXPECT_EQ(value("L-2"), 100);
  EXPECT_THAT(history(), ElementsAre());
  EXPECT_EQ(value("L-2", "us-east-1", "444455556666"), 300);
  start();
  EXPECT_EQ(value("L-2"), 100);
  ASSERT_TRUE(test.run(service->ledger().forget(std::nullopt)));
  EXPECT_EQ(value("L-2", "us-east-1", "444455556666"), 100);
}

TEST_F(QuotaIncrease, TagsAreTheQuotasOwn) {
  ASSERT_TRUE(increase("L-2", 250));
  ASSERT_TRUE(increase("L-3", 10));
  ASSERT_TRUE(run(tag_resource, {.resource_arn = arn("L-2"), .tags = {{"team", "a"}, {"stage", "test"}}}));
  ASSERT_TRUE(run(tag_resource, {.resource_arn = arn("L-2"), .tags = {{"team", "b"}}}));
  ASSERT_TRUE(increase("L-2", 300)) << "which leaves them";
  start();
  EXPECT_THAT(tags("L-2"), ElementsAre("team=b", "stage=test"));
  EXPECT_THAT(tags("L-3"), ElementsAre());
  ASSERT_TRUE(run(untag_resource, {.resource_arn = arn("L-2"), .tag_keys = {"team", "none"}}));
  EXPECT_THAT(tags("L-2"), ElementsAre("stage=test"));
  EXPECT_EQ(value("L-2"), 300);
}

TEST_F(QuotaIncrease, AQuotaThatWasNotRaisedHasNoTags) {
  EXPECT_EQ(run(tag_resource, {.resource_arn = arn("L-2"), .tags = {{"team", "a"}}}).error().code, "NoSuchResourceException");
  EXPECT_EQ(run(list_tags_for_resource, {.resource_arn = arn("L-2")}).error().code, "NoSuchResourceException");
  EXPECT_EQ(value("L-2"), 100);
}

TEST_F(QuotaIncrease, TagsAreRefusedOfOthersReservedAndBeyondFifty) {
  ASSERT_TRUE(increase("L-2", 250));
  EXPECT_EQ(run(tag_resource, {.resource_arn = "arn:aws:servicequotas:us-east-1:444455556666:post/L-2", .tags = {{"a", "b"}}}).error().code,
            "NoSuchResourceException");
  EXPECT_EQ(run(tag_resource, {.resource_arn = "arn:aws:sqs:us-east-1:111122223333:L-2", .tags = {{"a", "b"}}}).error().code,
            "IllegalArgumentException");
  EXPECT_EQ(run(tag_resource, {.resource_arn = arn("L-2"), .tags = {{"aws:a", "b"}}}).error().code, "TagPolicyViolationException");
  std::vector<Tag> many;
  for (int i = 0; i < 51; ++i) many.push_back({"key" + std::to_string(i), "v"});
  EXPECT_EQ(run(tag_resource, {.resource_arn = arn("L-2"), .tags = many}).error().code, "TooManyTagsException");
  EXPECT_THAT(tags("L-2"), ElementsAre());
}

}  // namespace
}  // namespace outcrop::service_quotas
