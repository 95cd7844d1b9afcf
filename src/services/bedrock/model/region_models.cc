#include "services/bedrock/model/region_models.h"

#include <algorithm>

#include "services/bedrock/resource/resource_name.h"
#include "wire/date_text.h"

namespace outcrop::bedrock {

namespace {

// Days of the catalogue are whole: "2026-05-26".
std::optional<Instant> day_of(const json::Value& lifecycle, std::string_view name) {
  const json::Value* day = lifecycle.find(name);
  if (!day) return std::nullopt;
  auto instant = wire::parse_date_time(std::string(day->as_string()) + "T00:00:00Z");
  check(instant.has_value(), "a day of the catalogue is none");
  return *instant;
}

std::optional<FoundationModelLifecycle> lifecycle_of(const inference::CatalogModel& model) {
  const json::Value* known = model.facts.find("lifecycle");
  if (!known || model.status.empty()) return std::nullopt;
  return FoundationModelLifecycle{.status = model.status,
                                  .start_of_life_time = day_of(*known, "start"),
                                  .end_of_life_time = day_of(*known, "eol"),
                                  .legacy_time = day_of(*known, "legacy"),
                                  .public_extended_access_time = day_of(*known, "extended")};
}

std::optional<bool> streaming_of(const inference::CatalogModel& model) {
  if (!model.facts.find("streaming")) return std::nullopt;
  return model.streaming;
}

std::optional<std::vector<std::string>> unless_unknown(const std::vector<std::string>& texts) {
  if (texts.empty()) return std::nullopt;
  return texts;
}

}  // namespace

bool is_current(const inference::CatalogModel& model) {
  return (model.status == "ACTIVE" || model.status == "LEGACY") && !model.facts.find("unlistedOn");
}

RegionModels::RegionModels(const inference::Catalog& catalog, std::string_view region) : region_(region) {
  for (const inference::InferenceProfile& profile : catalog.profiles()) {
    if (profile.route_from(region)) models_by_profile_.insert(profile.model_id);
  }
}

bool RegionModels::offers_on_demand(const inference::CatalogModel& model) const {
  return is_current(model) && std::ranges::count(model.regions, region_) > 0;
}

bool RegionModels::offers(const inference::CatalogModel& model) const {
  return offers_on_demand(model) || (is_current(model) && models_by_profile_.contains(model.id));
}

std::vector<std::string> RegionModels::inference_types(const inference::CatalogModel& model) const {
  std::vector<std::string> types;
  if (offers_on_demand(model)) types.emplace_back("ON_DEMAND");
  if (model.provisioned) types.emplace_back("PROVISIONED");
  if (models_by_profile_.contains(model.id)) types.emplace_back("INFERENCE_PROFILE");
  return types;
}

FoundationModelSummary RegionModels::describe(const inference::CatalogModel& model) const {
  return {.model_arn = foundation_model_arn(region_, model.id),
          .model_id = model.id,
          .model_name = model.name,
          .provider_name = model.provider,
          .input_modalities = unless_unknown(model.input_modalities),
          .output_modalities = unless_unknown(model.output_modalities),
          .response_streaming_supported = streaming_of(model),
          .customizations_supported = model.customizations,
          .inference_types_supported = inference_types(model),
          .model_lifecycle = lifecycle_of(model)};
}

}  // namespace outcrop::bedrock
