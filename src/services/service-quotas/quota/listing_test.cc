// What Service Quotas shows of the quotas that services described.
#include <gmock/gmock.h>

#include "gen/service-quotas/get_aws_default_service_quota.h"
#include "gen/service-quotas/get_service_quota.h"
#include "gen/service-quotas/list_aws_default_service_quotas.h"
#include "gen/service-quotas/list_service_quotas.h"
#include "gen/service-quotas/list_services.h"
#include "services/service-quotas/testing/quota_harness.h"

namespace outcrop::service_quotas {
namespace {

using ::testing::ElementsAre;

struct QuotaListing : QuotaHarness {
  std::vector<std::string> codes(const std::optional<std::vector<ServiceQuota>>& quotas) {
    std::vector<std::string> codes;
    for (const ServiceQuota& quota : quotas.value()) codes.push_back(quota.quota_code.value());
    return codes;
  }
};

TEST_F(QuotaListing, ServicesByCode) {
  auto first = run(list_services, {.max_results = 1});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->services, (std::vector<ServiceInfo>{{.service_code = "post", .service_name = "Amazon Post"}}));
  auto second = run(list_services, {.next_token = first->next_token});
  EXPECT_EQ(second->services, (std::vector<ServiceInfo>{{.service_code = "rail", .service_name = "Amazon Rail"}}));
  EXPECT_FALSE(second->next_token);
}

TEST_F(QuotaListing, AQuotaIsShownAsAwsShowsIt) {
  auto got = run(get_service_quota, {.service_code = "post", .quota_code = "L-2"});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->quota, (ServiceQuota{.service_code = "post",
                                      .service_name = "Amazon Post",
                                      .quota_arn = "arn:aws:servicequotas:us-east-1:111122223333:post/L-2",
                                      .quota_code = "L-2",
                                      .quota_name = "Letters per day",
                                      .value = 100,
                                      .unit = "None",
                                      .adjustable = true,
                                      .global_quota = false,
                                      .period = QuotaPeriod{.period_value = 1, .period_unit = "DAY"},
                                      .quota_applied_at_level = "ACCOUNT"}));
}

TEST_F(QuotaListing, ADefaultIsTheRegionsAndOfNoAccount) {
  auto got = run(get_aws_default_service_quota, {.service_code = "post", .quota_code = "L-2"}, "eu-west-1");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->quota->value, 20);
  EXPECT_EQ(got->quota->quota_arn, "arn:aws:servicequotas:eu-west-1::post/L-2");
}

TEST_F(QuotaListing, QuotasOfTheRegionByCodeInPages) {
  auto first = run(list_service_quotas, {.service_code = "post", .max_results = 2});
  ASSERT_TRUE(first);
  EXPECT_THAT(codes(first->quotas), ElementsAre("L-1", "L-2"));
  auto second = run(list_service_quotas, {.service_code = "post", .next_token = first->next_token, .max_results = 2});
  EXPECT_THAT(codes(second->quotas), ElementsAre("L-3"));
  EXPECT_FALSE(second->next_token);
  EXPECT_THAT(codes(run(list_aws_default_service_quotas, {.service_code = "post"}, "eu-west-1")->quotas), ElementsAre("L-1", "L-2"))
      << "Parcels are not offered there";
}

TEST_F(QuotaListing, AsManyAsAPageHoldsNeedNoSecondPage) {
  EXPECT_FALSE(run(list_service_quotas, {.service_code = "post", .max_results = 3})->next_token);
}

TEST_F(QuotaListing, OneQuotaAlone) {
  EXPECT_THAT(codes(run(list_service_quotas, {.service_code = "post", .quota_code = "L-2"})->quotas), ElementsAre("L-2"));
}

TEST_F(QuotaListing, AllAreOfAccounts) {
  EXPECT_EQ(run(list_service_quotas, {.service_code = "post", .quota_applied_at_level = "ALL"})->quotas->size(), 3u);
  EXPECT_EQ(run(list_service_quotas, {.service_code = "post", .quota_applied_at_level = "RESOURCE"})->quotas->size(), 0u);
}

TEST_F(QuotaListing, WhatDoesNotExistIsSaid) {
  EXPECT_EQ(refusal(run(list_service_quotas, {.service_code = "POST"})),
            "NoSuchResourceException: The request failed because the specified service does not exist.");
  EXPECT_EQ(refusal(run(get_service_quota, {.service_code = "post", .quota_code = "L-9"})),
            "NoSuchResourceException: The request failed because the specified quota does not exist.");
  EXPECT_EQ(refusal(run(get_service_quota, {.service_code = "post", .quota_code = "L-3"}, "eu-west-1")),
            "NoSuchResourceException: The request failed because the specified quota does not exist.");
  EXPECT_EQ(refusal(run(get_service_quota, {.service_code = "post", .quota_code = "L-2", .context_id = "arn:x"})),
            "NoSuchResourceException: The request failed because applied value for the specified context Id do not exist.");
}

TEST_F(QuotaListing, ATokenThatIsNoneIsRefused) {
  EXPECT_EQ(run(list_service_quotas, {.service_code = "post", .next_token = "abc"}).error().code, "InvalidPaginationTokenException");
}

}  // namespace
}  // namespace outcrop::service_quotas
