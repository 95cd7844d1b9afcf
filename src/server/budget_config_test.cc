// Budgets and prices as outcrop.yaml has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/config.h"

namespace outcrop::server {
namespace {

using bedrock_runtime::BudgetConfig;
using bedrock_runtime::Period;
using bedrock_runtime::Unit;
using testing::ElementsAre;
using testing::HasSubstr;

std::expected<Config, std::vector<Problem>> with_budgets(const std::string& text) { return parse_config(text, "/etc/outcrop", {}); }

std::string problems_of_budgets(const std::string& text) {
  auto config = with_budgets(text);
  return config ? "" : describe("outcrop.yaml", config.error());
}

TEST(BudgetConfig, HasATenantAndLimitsOfSeveralWindows) {
  auto config = with_budgets(
      "budgets:\n"
      "  - {name: teams, tenant: {header: X-Team}, tenants: 'research-*', models: ['anthropic.*', 'amazon.*'],\n"
      "     limits: {requests_per_minute: 60, tokens_per_day: 2e6, usd_per_month: 12.5}}\n"
      "prices: [{match: '*', input: 3, output: 15, cache_read: 0.3}]\n");
  ASSERT_TRUE(config) << describe("", config.error());
  const BudgetConfig& budget = config->budgets.budgets.at(0);
  EXPECT_EQ(budget.by, BudgetConfig::By::header);
  EXPECT_EQ(budget.key, "X-Team");
  EXPECT_THAT(budget.tenants, ElementsAre("research-*"));
  EXPECT_THAT(budget.models, ElementsAre("anthropic.*", "amazon.*"));
  ASSERT_EQ(budget.limits.size(), 3u);
  EXPECT_EQ(budget.limits[2].unit, Unit::usd);
  EXPECT_EQ(budget.limits[2].period, Period::month);
  EXPECT_EQ(budget.limits[2].amount, 12.5);
  EXPECT_THAT(tenant_headers(config->budgets), ElementsAre("X-Team"));
}

TEST(BudgetConfig, WhatIsSaidOfNoCacheCostsAsInput) {
  auto config = with_budgets("prices: [{match: '*', input: 3, output: 15, cache_read: 0.3}]");
  ASSERT_TRUE(config) << describe("", config.error());
  EXPECT_EQ(config->budgets.prices.at(0).price.cache_read, 0.3);
  EXPECT_EQ(config->budgets.prices.at(0).price.cache_write, 3);
}

TEST(BudgetConfig, TellsTenantsByKeyProfileOrClaim) {
  for (const auto& [tenant, by] : {std::pair("access_key", BudgetConfig::By::access_key), std::pair("profile", BudgetConfig::By::profile),
                                   std::pair("{claim: team}", BudgetConfig::By::claim)}) {
    auto config = with_budgets("budgets: [{name: a, tenant: " + std::string(tenant) + ", limits: {tokens_per_day: 1}}]");
    ASSERT_TRUE(config) << describe("", config.error());
    EXPECT_EQ(config->budgets.budgets.at(0).by, by);
  }
}

TEST(BudgetConfig, WhatIsWrongIsSaid) {
  auto problem = [](const std::string& tenant, const std::string& limits) {
    return problems_of_budgets("budgets: [{name: a, tenant: " + tenant + ", limits: " + limits + "}]");
  };
  EXPECT_THAT(problem("access_key", "{usd_per_day: 5}"), HasSubstr("lacks the key prices, which the budget a needs"));
  EXPECT_THAT(problem("access_key", "{}"), HasSubstr("holds no limit"));
  EXPECT_THAT(problem("access_key", "{tokens_per_hour: 5}"), HasSubstr("is not a known key"));
  EXPECT_THAT(problem("access_key", "{tokens_per_day: 0}"), HasSubstr("must be a number"));
  EXPECT_THAT(problem("key", "{tokens_per_day: 1}"), HasSubstr("must be access_key, profile, {header: NAME} or {claim: NAME}"));
  EXPECT_THAT(problem("{header: X-A, claim: b}", "{tokens_per_day: 1}"), HasSubstr("must be access_key"));
  EXPECT_THAT(problem("{header: 'X Team'}", "{tokens_per_day: 1}"), HasSubstr("must be the name of a header"));
  EXPECT_THAT(problems_of_budgets("prices: [{match: a, input: 1}]"), HasSubstr("output"));
  EXPECT_THAT(problems_of_budgets("budgets: [{name: a, tenant: profile, limits: {tokens_per_day: 1}},"
                                  " {name: a, tenant: profile, limits: {tokens_per_day: 1}}]"),
              HasSubstr("name a is given twice"));
}

}  // namespace
}  // namespace outcrop::server
