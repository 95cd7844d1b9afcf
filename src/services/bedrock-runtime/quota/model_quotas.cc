#include "services/bedrock-runtime/quota/model_quotas.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::bedrock_runtime {

namespace {

// A kind of the catalogue, and the name of its quotas around the model's (AWS General Reference, "Amazon Bedrock endpoints and quotas").
struct QuotaKind {
  std::string_view kind, before, behind;
  bool is_of_requests = false;
  Quota::Period period = Quota::Period::minute;
  bool on_demand = false, cross_region = false, global = false;  // which ways of asking it counts
};

constexpr QuotaKind quota_kinds[] = {
    {.kind = "onDemandRpm", .before = "On-demand model inference requests per minute for ", .is_of_requests = true, .on_demand = true},
    {.kind = "onDemandTpm", .before = "On-demand model inference tokens per minute for ", .on_demand = true},
    {.kind = "crossRegionRpm",
     .before = "Cross-region model inference requests per minute for ",
     .is_of_requests = true,
     .cross_region = true},
    {.kind = "crossRegionTpm", .before = "Cross-region model inference tokens per minute for ", .cross_region = true},
    {.kind = "globalRpm", .before = "Global cross-region model inference requests per minute for ", .is_of_requests = true, .global = true},
    {.kind = "globalTpm", .before = "Global cross-region model inference tokens per minute for ", .global = true},
    {.kind = "tpd",
     .before = "Model invocation max tokens per day for ",
     .behind = " (doubled for cross-region calls)",
     .period = Quota::Period::day,
     .on_demand = true,
     .cross_region = true,
     .global = true},
};

const QuotaKind& kind_of(std::string_view kind) {
  auto known = std::ranges::find(quota_kinds, kind, &QuotaKind::kind);
  check(known != std::end(quota_kinds), "a kind of quota without a name");
  return *known;
}

std::string name_of(const inference::CatalogModel& model, const QuotaKind& kind, const inference::CatalogQuota& quota) {
  return fmt::format("{}{}{}", kind.before, quota.name.empty() ? model.quota_name : quota.name, kind.behind);
}

std::string code_of(const inference::CatalogQuota& quota, std::string_view name) {
  if (!quota.code.empty()) return quota.code;
  std::string digits = hex(sha256(name).substr(0, 4));
  std::ranges::transform(digits, digits.begin(), [](char c) { return c >= 'a' ? char(c - 'a' + 'A') : c; });
  return "OUTCROP-" + digits;
}

// Regions, collected; all of them once one of those that are collected is everywhere.
class Offers {
 public:
  void add(const std::vector<std::string>& regions) {
    everywhere_ = everywhere_ || regions.empty() || std::ranges::count(regions, "*") > 0;
    regions_.insert(regions_.end(), regions.begin(), regions.end());
  }
  std::vector<std::string> regions() && {
    if (everywhere_) return {};
    std::ranges::sort(regions_);
    regions_.erase(std::ranges::unique(regions_).begin(), regions_.end());
    return std::move(regions_);
  }

 private:
  std::vector<std::string> regions_;
  bool everywhere_ = false;
};

std::vector<std::string> offered_in(const inference::Catalog& catalog, const inference::CatalogModel& model, const QuotaKind& kind) {
  Offers offers;
  if (kind.on_demand && !model.profile_only) offers.add(model.regions);
  for (const inference::InferenceProfile& profile : catalog.profiles()) {
    const bool is_global = profile.id.starts_with("global.");
    if (profile.model_id != model.id || !(is_global ? kind.global : kind.cross_region)) continue;
    if (profile.routes.empty()) offers.add({});
    for (const inference::InferenceProfile::Route& route : profile.routes) offers.add(route.from);
  }
  return std::move(offers).regions();
}

}  // namespace

std::vector<Quota> model_quotas(const inference::Catalog& catalog) {
  std::vector<Quota> quotas;
  for (const inference::CatalogModel& model : catalog.models()) {
    if (model.status == "EOL") continue;
    for (const QuotaKind& kind : quota_kinds) {
      auto known = model.quotas.find(kind.kind);
      if (known == model.quotas.end() || (!kind.is_of_requests && is_throttled_by_requests_alone(model))) continue;
      const inference::CatalogQuota& quota = known->second;
      std::string name = name_of(model, kind, quota);
      quotas.push_back({.code = code_of(quota, name),
                        .name = name,
                        .period = kind.period,
                        .value = quota.value,
                        .regions = quota.regions,
                        .offered_in = offered_in(catalog, model, kind)});
    }
  }
  return quotas;
}

bool is_throttled_by_requests_alone(const inference::CatalogModel& model) {
  return std::ranges::count(model.output_modalities, "EMBEDDING") > 0;
}

std::string quota_code(const inference::CatalogModel& model, std::string_view kind) {
  auto known = model.quotas.find(kind);
  check(known != model.quotas.end(), "a model without the quota");
  return code_of(known->second, name_of(model, kind_of(kind), known->second));
}

}  // namespace outcrop::bedrock_runtime
