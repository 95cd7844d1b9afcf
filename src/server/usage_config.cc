#include "server/usage_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace outcrop::server {

namespace {

using gateway::ApiKeyConfig;
using gateway::UsagePlanConfig;

constexpr uint64_t amount_max = 1'000'000'000'000'000;

Parsed<uint64_t> parse_plan_amount(std::string_view text) {
  uint64_t amount = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || end != text.data() + text.size() || amount < 1 || amount > amount_max)
    return std::unexpected(fmt::format("must be a number from 1 to {}, not '{}'", amount_max, text));
  return amount;
}

// As long as those of API Gateway may be (API reference, CreateApiKey), and what a header and a query can hold.
Parsed<std::string> parse_client_key(std::string_view text) {
  if (text.size() < 20 || text.size() > 128 || !std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }))
    return std::unexpected("must be 20 to 128 printable characters");
  return std::string(text);
}

template <class Amount>
YamlReader::Read amount_into(YamlReader& yaml, std::optional<Amount>& out, Parsed<Amount> (*parse)(std::string_view)) {
  return [&yaml, &out, parse](const YAML::Node& node) { yaml.value<Amount>(node, parse, [&](Amount amount) { out = amount; }); };
}

}  // namespace

void read_usage_plans(YamlReader& yaml, const YAML::Node& node, std::vector<UsagePlanConfig>& out) {
  yaml.list(node, [&](const YAML::Node& item) {
    UsagePlanConfig plan;
    yaml.map(item, {{"name", yaml.into(plan.name, parse_credential_name), true},
                    {"connections", amount_into(yaml, plan.connections, parse_plan_amount)},
                    {"connections_per_second", amount_into(yaml, plan.connections_per_second, parse_rate)},
                    {"messages_per_second", amount_into(yaml, plan.messages_per_second, parse_rate)},
                    {"message_burst", amount_into(yaml, plan.message_burst, parse_rate)},
                    {"messages_per_day", amount_into(yaml, plan.messages_per_day, parse_plan_amount)},
                    {"bytes_per_day", amount_into(yaml, plan.bytes_per_day, parse_plan_amount)}});
    if (plan.message_burst && !plan.messages_per_second) yaml.report(item, "message_burst needs messages_per_second");
    const bool is_taken = std::ranges::find(out, plan.name, &UsagePlanConfig::name) != out.end();
    if (is_taken && !plan.name.empty()) yaml.report(item, fmt::format("name {} is given twice", plan.name));
    out.push_back(std::move(plan));
  });
}

void read_api_keys(YamlReader& yaml, const YAML::Node& node, std::vector<ApiKeyConfig>& out) {
  yaml.list(node, [&](const YAML::Node& item) {
    ApiKeyConfig key;
    yaml.map(item, {{"key", yaml.into(key.key, parse_client_key), true},
                    {"name", yaml.into(key.name, parse_credential_name), true},
                    {"account", yaml.into(key.account, parse_account), true},
                    {"tenant", yaml.into(key.tenant, parse_credential_name)},
                    {"plan", yaml.into(key.plan, parse_credential_name)}});
    const bool is_taken = std::ranges::find(out, key.key, &ApiKeyConfig::key) != out.end();
    if (is_taken && !key.key.empty()) yaml.report(item, "the key is given twice");
    out.push_back(std::move(key));
  });
}

void check_plans_of_keys(YamlReader& yaml, const YAML::Node& root, const gateway::UsageOptions& usage) {
  for (const ApiKeyConfig& key : usage.keys) {
    if (key.plan.empty() || std::ranges::find(usage.plans, key.plan, &UsagePlanConfig::name) != usage.plans.end()) continue;
    yaml.report(root["api_keys"], fmt::format("the plan {} of the key {} is none of usage_plans", key.plan, key.name));
  }
}

}  // namespace outcrop::server
