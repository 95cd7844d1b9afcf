#include "server/usage_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.h"

namespace outcrop::server {
namespace {

using testing::HasSubstr;

std::expected<Config, std::vector<Problem>> with_usage(const std::string& text) { return parse_config(text, "/etc/outcrop", {}); }

std::string problems_of_usage(const std::string& text) {
  const auto config = with_usage(text);
  return config ? "" : describe("", config.error());
}

TEST(UsageConfig, DescribesPlansAndTheKeysThatHaveThem) {
  auto config = with_usage(
      "usage_plans: [{name: standard, connections: 100, connections_per_second: 2.5, messages_per_second: 20, message_burst: 40,"
      " messages_per_day: 10000, bytes_per_day: 5000000}]\n"
      "api_keys: [{key: 0123456789abcdef0123, name: web, account: '111122223333', tenant: acme, plan: standard},"
      " {key: abcdefghijklmnopqrst, name: staff, account: '111122223333'}]");
  ASSERT_TRUE(config) << describe("", config.error());
  const gateway::UsagePlanConfig& plan = config->usage.plans.at(0);
  EXPECT_EQ(plan.connections, 100u);
  EXPECT_EQ(plan.connections_per_second, 2.5);
  EXPECT_EQ(plan.messages_per_second, 20);
  EXPECT_EQ(plan.message_burst, 40);
  EXPECT_EQ(plan.messages_per_day, 10'000u);
  EXPECT_EQ(plan.bytes_per_day, 5'000'000u);
  EXPECT_EQ(config->usage.keys.at(0).tenant, "acme");
  EXPECT_EQ(config->usage.keys.at(1).plan, "");
}

TEST(UsageConfig, WhatIsWrongIsSaid) {
  EXPECT_THAT(problems_of_usage("api_keys: [{key: short, name: web, account: '111122223333'}]"), HasSubstr("20 to 128"));
  EXPECT_THAT(problems_of_usage("api_keys: [{key: 0123456789abcdef0123, name: web, account: '111122223333', plan: gold}]"),
              HasSubstr("the plan gold of the key web is none of usage_plans"));
  EXPECT_THAT(problems_of_usage("usage_plans: [{name: a, message_burst: 3}]"), HasSubstr("needs messages_per_second"));
  EXPECT_THAT(problems_of_usage("usage_plans: [{name: a, connections: 0}]"), HasSubstr("must be a number from 1"));
  EXPECT_THAT(problems_of_usage("usage_plans: [{name: a}, {name: a}]"), HasSubstr("name a is given twice"));
  EXPECT_THAT(problems_of_usage("api_keys: [{key: 0123456789abcdef0123, name: a, account: '111122223333'},"
                                " {key: 0123456789abcdef0123, name: b, account: '111122223333'}]"),
              HasSubstr("given twice"));
}

}  // namespace
}  // namespace outcrop::server
