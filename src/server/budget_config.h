// The budgets and prices of outcrop.yaml.
#pragma once
#include "server/yaml_reader.h"
#include "services/bedrock-runtime/quota/budget.h"

namespace outcrop::server {

// `node` is a list of them.
void read_budgets(YamlReader& yaml, const YAML::Node& node, std::vector<bedrock_runtime::BudgetConfig>& out);
void read_prices(YamlReader& yaml, const YAML::Node& node, std::vector<bedrock_runtime::PriceConfig>& out);

// The headers that tell tenants.
std::vector<std::string> tenant_headers(const bedrock_runtime::BudgetOptions& options);

}  // namespace outcrop::server
