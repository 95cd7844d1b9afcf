#include "server/quota_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::server {
namespace {

QuotaUsage tokens() {
  return {.service = "bedrock",
          .account = "111122223333",
          .region = "us-east-1",
          .subject = "amazon.nova-lite-v1:0",
          .route = "on-demand",
          .quota = "tokens per minute",
          .code = "L-1",
          .limit = 4'000'000,
          .used = 1'000'000.25,
          .in_flight = 4'096,
          .per_second = 100'000,
          .refill_per_second = 4'000'000 / 60.0};
}

TEST(QuotaTable, HasARowForEachQuota) {
  QuotaUsage requests = tokens();
  requests.quota = "requests per minute";
  requests.limit = 2'000;
  requests.used = 12;
  requests.in_flight = 1;
  requests.per_second = 0;
  EXPECT_EQ(
      quota_table(std::vector{tokens(), requests}),
      "ACCOUNT       REGION     MODEL                  ROUTE      QUOTA                           USED  IN FLIGHT      LIMIT  FORECAST\n"
      "111122223333  us-east-1  amazon.nova-lite-v1:0  on-demand  tokens per minute    1,000,001  25 %      4,096  4,000,000  in 90 s\n"
      "111122223333  us-east-1  amazon.nova-lite-v1:0  on-demand  requests per minute         12   1 %          1      2,000  idle\n");
}

TEST(QuotaTable, HasBudgetsByTheirNameAndTenant) {
  const QuotaUsage budget{.service = "bedrock",
                          .account = "111122223333",
                          .budget = "teams",
                          .tenant = "search",
                          .quota = "usd per day",
                          .limit = 20,
                          .used = 5.5,
                          .per_second = 0.01,
                          .renewed_in_seconds = 600};
  EXPECT_EQ(quota_table(std::vector{budget}),
            "ACCOUNT       REGION  MODEL         ROUTE   QUOTA              USED  IN FLIGHT  LIMIT  FORECAST\n"
            "111122223333          budget teams  search  usd per day  5.50  28 %       0.00  20.00  holds\n");
}

TEST(QuotaTable, ATenantsNameSteersNoTerminal) {
  const QuotaUsage budget{.budget = "teams", .tenant = "a\x1b[2J\n\xc2\x9b\xc3\xa9", .quota = "usd per day", .limit = 20};
  EXPECT_THAT(quota_table(std::vector{budget}), testing::HasSubstr("a?[2J??\xc3\xa9"));
}

TEST(QuotaTable, SaysSoWhenNothingWasUsed) { EXPECT_EQ(quota_table({}), "No quota was used since the server started.\n"); }

TEST(QuotaTable, ForecastsInUnitsThatArePlain) {
  QuotaUsage usage{.limit = 1000, .used = 0, .per_second = 11, .refill_per_second = 10};
  EXPECT_EQ(forecast_of(usage), "in 17 min");
  usage.used = 970;
  EXPECT_EQ(forecast_of(usage), "in 30 s");
  usage.used = 1010;
  EXPECT_EQ(forecast_of(usage), "used up");
  usage.used = 0;
  usage.limit = 36'000;
  EXPECT_EQ(forecast_of(usage), "in 10 h");
  usage.renewed_in_seconds = 35'000;
  EXPECT_EQ(forecast_of(usage), "holds") << "all of it is there again before";
  usage.renewed_in_seconds = std::nullopt;
  usage.per_second = 10;
  EXPECT_EQ(forecast_of(usage), "holds");
  usage.per_second = 0;
  EXPECT_EQ(forecast_of(usage), "idle");
}

}  // namespace
}  // namespace outcrop::server
