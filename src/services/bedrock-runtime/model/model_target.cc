#include "services/bedrock-runtime/model/model_target.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

namespace {

std::unexpected<Fault> invalid_identifier() { return fail(validation_exception("The provided model identifier is invalid.")); }

Result<ModelTarget> checked(ModelTarget target) {
  if (target.model->status != "EOL") return target;
  return fail(resource_not_found_exception(
      "This model version has reached the end of its life. Please refer to the AWS documentation for more details."));
}

Result<ModelTarget> foundation_model(const inference::Catalog& catalog, std::string_view id) {
  const inference::CatalogModel* model = catalog.find_model(id);
  if (!model) return invalid_identifier();
  if (model->profile_only) {
    return fail(validation_exception(
        fmt::format("Invocation of model ID {} with on-demand throughput isn\u2019t supported. Retry your request with the ID or ARN of an "
                    "inference profile that contains this model.",
                    id)));
  }
  return checked({model, ModelTarget::Route::on_demand, model->id});
}

bool has_route_from(const inference::InferenceProfile& profile, std::string_view region) {
  if (profile.routes.empty()) return true;  // unknown
  return std::ranges::any_of(profile.routes, [region](const inference::InferenceProfile::Route& route) {
    return std::ranges::any_of(route.from, [region](const std::string& from) { return from == region || from == "*"; });
  });
}

Result<ModelTarget> profile(const inference::Catalog& catalog, std::string_view id, std::string_view region) {
  const inference::InferenceProfile* profile = catalog.find_profile(id);
  if (!profile || !has_route_from(*profile, region)) return invalid_identifier();
  const inference::CatalogModel* model = catalog.find_model(profile->model_id);
  check(model != nullptr, "a profile of the catalogue is for no model of it");
  auto route = id.starts_with("global.") ? ModelTarget::Route::global : ModelTarget::Route::cross_region;
  return checked({model, route, profile->id});
}

// "arn:aws:bedrock:us-east-1::foundation-model/ID" and "arn:aws:bedrock:us-east-1:123456789012:inference-profile/ID".
Result<ModelTarget> by_arn(const inference::Catalog& catalog, const Call& call, std::string_view text) {
  const std::optional<Arn> arn = parse_arn(text);
  const size_t slash = arn ? arn->resource.find('/') : std::string_view::npos;
  bool is_ours = slash != std::string_view::npos && arn->partition.starts_with("aws") && arn->service == "bedrock";
  if (!is_ours || arn->region != call.region) return invalid_identifier();
  const std::string_view kind = arn->resource.substr(0, slash), id = arn->resource.substr(slash + 1);
  if (kind == "foundation-model" && arn->account.empty()) return foundation_model(catalog, id);
  if (arn->account != call.account() && !arn->account.empty())
    return fail(access_denied_exception("You don't have access to the model with the specified model ID."));
  if (kind == "inference-profile") return profile(catalog, id, call.region);
  return fail(validation_exception(fmt::format("Models of the kind {} are not supported yet.", kind)));
}

}  // namespace

Result<ModelTarget> model_target(const inference::Catalog& catalog, const Call& call, std::string_view identifier) {
  if (identifier.starts_with("arn:")) return by_arn(catalog, call, identifier);
  if (catalog.find_profile(identifier)) return profile(catalog, identifier, call.region);
  return foundation_model(catalog, identifier);
}

}  // namespace outcrop::bedrock_runtime
