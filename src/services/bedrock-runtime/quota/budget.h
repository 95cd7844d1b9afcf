// Budgets and prices as they are configured: what a tenant may use in requests, tokens and money, beside Bedrock's own quotas.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/bedrock-runtime/quota/share.h"

namespace outcrop::bedrock_runtime {

struct BudgetConfig {
  // How a request tells its tenant.
  enum class By {
    profile,     // the inference profile it names
    access_key,  // the id of the key that signed it, or the name of a Bedrock API key
    header,      // a header, which whoever sends the request chooses
    claim        // a tag of the session whose credentials signed it
  };
  struct Limit {
    Unit unit = Unit::tokens;
    Period period = Period::minute;
    double amount = 0;
  };

  std::string name;
  By by = By::access_key;
  std::string key;                           // the header's or the tag's name
  std::vector<std::string> tenants, models;  // patterns with *; empty: all
  std::vector<Limit> limits;
};

// The first that matches a model's id counts.
struct PriceConfig {
  std::string match;
  Price price;
};

struct BudgetOptions {
  std::vector<BudgetConfig> budgets;
  std::vector<PriceConfig> prices;
};

}  // namespace outcrop::bedrock_runtime
