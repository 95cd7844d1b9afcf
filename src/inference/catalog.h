// The foundation models and inference profiles that Amazon Bedrock is known to have (models/catalog.json, whose README describes
// the facts and their sources). What is absent is unknown.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
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
  std::string name;  // what its name ends in, where that is not the model's quota_name

  double in(std::string_view region) const;
};

// Prompt caching that is asked for by cache points (cachePoint, cache_control).
struct CatalogCaching {
  int64_t tokens_min = 0;             // of a prompt up to a cache point, for it to be cached
  std::optional<int64_t> tokens_max;  // that are cached
  int points_max = 0;                 // in a request
  bool one_hour = false;              // beside five minutes
  std::vector<std::string> fields;    // that take one: "system", "messages", "tools"

  bool takes(std::string_view field) const;
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
  std::optional<CatalogCaching> caching;                    // none: a cache point is refused
  std::string quota_name;                                   // what the names of its quotas end in
  std::map<std::string, CatalogQuota, std::less<>> quotas;  // by kind: "onDemandRpm", "crossRegionTpm", "tpd", …
  json::Value facts;                                        // the whole row
};

struct InferenceProfile {
  std::string id;  // "us.amazon.nova-lite-v1:0"
  std::string name;
  std::string model_id;
  struct Route {
    std::vector<std::string> from, to;  // "*": every commercial Region
  };
  std::vector<Route> routes;  // none: unknown

  // Null where it cannot be invoked from the Region, or nobody knows.
  const Route* route_from(std::string_view region) const;
};

// Thread-safe. What was built in is read when it is asked for first, which takes about a millisecond.
class Catalog {
 public:
  const std::vector<CatalogModel>& models() const { return rows().models; }
  const std::vector<InferenceProfile>& profiles() const { return rows().profiles; }
  const CatalogModel* find_model(std::string_view id) const;
  const InferenceProfile* find_profile(std::string_view id) const;

 private:
  struct Rows {
    std::vector<CatalogModel> models;        // by id
    std::vector<InferenceProfile> profiles;  // by id
  };
  const Rows& rows() const;
  static Rows read();

  mutable std::once_flag once_;
  mutable Rows rows_;
};

}  // namespace outcrop::inference
