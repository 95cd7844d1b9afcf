#include "services/bedrock/profile/system_profile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>

#include "base/encoding.h"
#include "services/bedrock/model/region_models.h"
#include "services/bedrock/resource/resource_name.h"

namespace outcrop::bedrock {

namespace {

using inference::Catalog, inference::CatalogModel, inference::InferenceProfile;

const CatalogModel& model_of(const Catalog& catalog, const InferenceProfile& profile) {
  const CatalogModel* model = catalog.find_model(profile.model_id);
  check(model != nullptr, "a profile of the catalogue is for no model of it");
  return *model;
}

bool is_everywhere(const InferenceProfile::Route& route) { return route.to == std::vector<std::string>{"*"}; }

std::string upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
  }
  return upper;
}

// "US Anthropic Claude Opus 5": names that nobody wrote down follow the newest of those that were.
std::string name_of(const InferenceProfile& profile, const CatalogModel& model) {
  if (!profile.name.empty()) return profile.name;
  const std::string_view geography = std::string_view(profile.id).substr(0, profile.id.find('.'));
  return fmt::format("{} {} {}", geography == "global" ? "Global" : upper(geography), model.provider, model.name);
}

// "us-east-1, us-east-2 and us-west-2".
std::string enumeration(std::span<const std::string> words) {
  if (words.size() == 1) return words.front();
  return fmt::format("{} and {}", fmt::join(words.first(words.size() - 1), ", "), words.back());
}

// What a profile's name says beside its geography is what it routes to.
std::string description_of(std::string_view name, const InferenceProfile::Route& route) {
  const std::string_view target = name.substr(name.find(' ') + 1);
  if (is_everywhere(route)) return fmt::format("Routes requests to {} globally across all supported AWS Regions.", target);
  return fmt::format("Routes requests to {} in {}.", target, enumeration(route.to));
}

}  // namespace

bool is_offered(const Catalog& catalog, const InferenceProfile& profile, std::string_view region) {
  return profile.route_from(region) && is_current(model_of(catalog, profile));
}

const InferenceProfile* find_system_profile(const Catalog& catalog, std::string_view region, std::string_view id) {
  const InferenceProfile* profile = catalog.find_profile(id);
  return profile && is_offered(catalog, *profile, region) ? profile : nullptr;
}

std::vector<std::string> models_of(const InferenceProfile& profile, std::string_view region) {
  const InferenceProfile::Route* route = profile.route_from(region);
  check(route != nullptr, "a profile was asked where it routes to from a Region that it is not in");
  if (is_everywhere(*route)) return {foundation_model_arn("", profile.model_id), foundation_model_arn(region, profile.model_id)};
  std::vector<std::string> arns;
  for (const std::string& to : route->to) arns.push_back(foundation_model_arn(to, profile.model_id));
  return arns;
}

InferenceProfileSummary describe(const Catalog& catalog, const InferenceProfile& profile, const Call& call) {
  InferenceProfileSummary summary;
  summary.inference_profile_name = name_of(profile, model_of(catalog, profile));
  summary.description = description_of(summary.inference_profile_name, *profile.route_from(call.region));
  summary.inference_profile_arn = profile_arn(system_profile_kind, call.region, call.account(), profile.id);
  for (std::string& arn : models_of(profile, call.region)) summary.models.push_back({std::move(arn)});
  summary.inference_profile_id = profile.id;
  summary.status = active;
  summary.type = system_defined;
  return summary;
}

}  // namespace outcrop::bedrock
