// The API keys and usage plans of outcrop.yaml.
#pragma once
#include "gateway/guard/usage_plan.h"
#include "server/yaml_reader.h"

namespace outcrop::server {

// `node` is a list of them.
void read_usage_plans(YamlReader& yaml, const YAML::Node& node, std::vector<gateway::UsagePlanConfig>& out);
void read_api_keys(YamlReader& yaml, const YAML::Node& node, std::vector<gateway::ApiKeyConfig>& out);

// Once both are read: every key's plan must be there. `root` is the document.
void check_plans_of_keys(YamlReader& yaml, const YAML::Node& root, const gateway::UsageOptions& usage);

}  // namespace outcrop::server
