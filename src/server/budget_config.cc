#include "server/budget_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace outcrop::server {

namespace {

using bedrock_runtime::BudgetConfig;
using bedrock_runtime::Period;
using bedrock_runtime::PriceConfig;
using bedrock_runtime::Unit;

struct LimitKey {
  std::string_view key;
  Unit unit;
  Period period;
};

constexpr LimitKey limit_keys[] = {
    {"requests_per_minute", Unit::requests, Period::minute},
    {"requests_per_day", Unit::requests, Period::day},
    {"requests_per_month", Unit::requests, Period::month},
    {"tokens_per_minute", Unit::tokens, Period::minute},
    {"tokens_per_day", Unit::tokens, Period::day},
    {"tokens_per_month", Unit::tokens, Period::month},
    {"usd_per_day", Unit::usd, Period::day},
    {"usd_per_month", Unit::usd, Period::month},
};

Parsed<double> parse_number(std::string_view text, double least, double most) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number >= least && number <= most))
    return std::unexpected(fmt::format("must be a number from {} to {}, not '{}'", least, most, text));
  return number;
}

Parsed<double> parse_limit(std::string_view text) { return parse_number(text, 0.01, 1e15); }
Parsed<double> parse_price(std::string_view text) { return parse_number(text, 0, 1e6); }

Parsed<std::string> parse_pattern(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::unexpected("must be 1 to 256 characters, with * for any text");
  return std::string(text);
}

// RFC 9110 section 5.6.2.
Parsed<std::string> parse_header_name(std::string_view text) {
  auto is_token = [](char c) { return c > ' ' && c < 0x7f && !std::string_view("\"(),/:;<=>?@[\\]{}").contains(c); };
  if (text.empty() || text.size() > 128 || !std::ranges::all_of(text, is_token))
    return std::unexpected(fmt::format("must be the name of a header, not '{}'", text));
  return std::string(text);
}

Parsed<std::string> parse_tag_key(std::string_view text) {
  if (text.empty() || text.size() > 128) return std::unexpected("must be the key of a session tag, 1 to 128 characters");
  return std::string(text);
}

Parsed<BudgetConfig::By> parse_tenant(std::string_view text) {
  if (text == "access_key") return BudgetConfig::By::access_key;
  if (text == "profile") return BudgetConfig::By::profile;
  return std::unexpected(fmt::format("must be access_key, profile, {{header: NAME}} or {{claim: NAME}}, not '{}'", text));
}

void read_tenant(YamlReader& yaml, const YAML::Node& node, BudgetConfig& budget) {
  if (node.IsScalar()) return yaml.into(budget.by, parse_tenant)(node);
  auto told_by = [&](BudgetConfig::By by, Parsed<std::string> (*parse)(std::string_view)) {
    return [&yaml, &budget, by, parse](const YAML::Node& name) {
      budget.by = by;
      yaml.into(budget.key, parse)(name);
    };
  };
  yaml.map(node,
           {{"header", told_by(BudgetConfig::By::header, parse_header_name)}, {"claim", told_by(BudgetConfig::By::claim, parse_tag_key)}});
  if (!node.IsMap() || node.size() != 1) yaml.report(node, "must be access_key, profile, {header: NAME} or {claim: NAME}");
}

void read_limits(YamlReader& yaml, const YAML::Node& node, BudgetConfig& budget) {
  std::vector<YamlReader::Key> keys;
  for (const LimitKey& limit : limit_keys) {
    keys.push_back({limit.key, [&yaml, &budget, &limit](const YAML::Node& amount) {
                      yaml.value<double>(amount, parse_limit,
                                         [&](double parsed) { budget.limits.push_back({limit.unit, limit.period, parsed}); });
                    }});
  }
  yaml.map(node, keys);
  if (node.IsMap() && node.size() == 0) yaml.report(node, "holds no limit");
}

}  // namespace

void read_budgets(YamlReader& yaml, const YAML::Node& node, std::vector<BudgetConfig>& out) {
  yaml.list(node, [&](const YAML::Node& item) {
    BudgetConfig budget;
    yaml.map(item, {{"name", yaml.into(budget.name, parse_credential_name), true},
                    {"tenant", [&](const YAML::Node& tenant) { read_tenant(yaml, tenant, budget); }, true},
                    {"tenants", yaml.append_to(budget.tenants, parse_pattern)},
                    {"models", yaml.append_to(budget.models, parse_pattern)},
                    {"limits", [&](const YAML::Node& limits) { read_limits(yaml, limits, budget); }, true}});
    const bool is_taken = std::ranges::find(out, budget.name, &BudgetConfig::name) != out.end();
    if (is_taken && !budget.name.empty()) yaml.report(item, fmt::format("name {} is given twice", budget.name));
    out.push_back(std::move(budget));
  });
}

void read_prices(YamlReader& yaml, const YAML::Node& node, std::vector<PriceConfig>& out) {
  yaml.list(node, [&](const YAML::Node& item) {
    PriceConfig price;
    std::optional<double> cache_read, cache_write;
    auto into = [&](std::optional<double>& of_cache) {
      return [&](const YAML::Node& amount) { yaml.value<double>(amount, parse_price, [&](double parsed) { of_cache = parsed; }); };
    };
    yaml.map(item, {{"match", yaml.into(price.match, parse_pattern), true},
                    {"input", yaml.into(price.price.input, parse_price), true},
                    {"output", yaml.into(price.price.output, parse_price), true},
                    {"cache_read", into(cache_read)},
                    {"cache_write", into(cache_write)}});
    price.price.cache_read = cache_read.value_or(price.price.input);
    price.price.cache_write = cache_write.value_or(price.price.input);
    out.push_back(std::move(price));
  });
}

std::vector<std::string> tenant_headers(const bedrock_runtime::BudgetOptions& options) {
  std::vector<std::string> headers;
  for (const BudgetConfig& budget : options.budgets) {
    if (budget.by == BudgetConfig::By::header) headers.push_back(budget.key);
  }
  return headers;
}

}  // namespace outcrop::server
