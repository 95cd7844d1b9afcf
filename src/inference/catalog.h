// The foundation models and inference profiles that Amazon Bedrock is known to have (models/catalog.json, whose README describes
// the facts and their sources). What is absent is unknown.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace outcrop::inference {

// Tokens or requests in a period: a default, and what differs in single Regions.
struct CatalogQuota {
  double value = 0;
  std::map<std::string, double, std::less<>> regions;
  std::string code;  // "L-…"; empty when unknown

  double in(std::string_view region) const;
};

struct CatalogModel {
  std::string id;  // "amazon.nova-lite-v1:0"
  std::string name, provider;
  std::vector<std::string> input_modalities, output_modalities;  // "TEXT", "IMAGE", …
  bool streaming = false;
  std::vector<std::string> customizations;
  bool on_demand = false, provisioned = false, profile_only = false;
  bool takes_converse = false, takes_invoke = false, takes_chat_completions = false;
  std::string status;   // of its lifecycle: "ACTIVE", "LEGACY", "EOL"
  std::string dialect;  // of InvokeModel's body; empty when unknown
  std::optional<int64_t> context_tokens, output_tokens_max, input_tokens_max;
  double output_burndown = 1;  // tokens of quota that one output token costs
  std::vector<std::string> regions;
  std::vector<std::string> tiers;  // "priority", "flex", …
  bool latency_optimized = false;
  std::string quota_name;                                   // what the names of its quotas end in
  std::map<std::string, CatalogQuota, std::less<>> quotas;  // by kind: "onDemandRpm", "crossRegionTpm", "tpd", …
  json::Value facts;                                        // the whole row
};

struct InferenceProfile {
  std::string id;  // "us.amazon.nova-lite-v1:0"
  std::string name;
  std::string model_id;
  struct Route {
    std::vector<std::string> from, to;
  };
  std::vector<Route> routes;
};

class Catalog {
 public:
  // Reads what was built in.
  Catalog();

  const std::vector<CatalogModel>& models() const { return models_; }
  const std::vector<InferenceProfile>& profiles() const { return profiles_; }
  const CatalogModel* find_model(std::string_view id) const;
  const InferenceProfile* find_profile(std::string_view id) const;

 private:
  std::vector<CatalogModel> models_;        // by id
  std::vector<InferenceProfile> profiles_;  // by id
};

}  // namespace outcrop::inference
