#include "services/bedrock-runtime/model/model_target.h"

#include <fmt/format.h>

#include <algorithm>

#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

namespace {

std::unexpected<Fault> invalid_identifier() { return fail(validation_exception("The provided model identifier is invalid.")); }

// "arn:aws:bedrock:us-east-1::foundation-model/ID" and "arn:aws:bedrock:us-east-1:123456789012:inference-profile/ID".
struct ModelArn {
  std::string_view region, account, kind, id;
};

std::optional<ModelArn> parse_arn(std::string_view text) {
  std::string_view parts[6];
  for (size_t i = 0; i < 5; ++i) {
    size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  size_t slash = text.find('/');
  bool is_ours = parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "bedrock";
  if (!is_ours || slash == std::string_view::npos) return std::nullopt;
  return ModelArn{parts[3], parts[4], text.substr(0, slash), text.substr(slash + 1)};
}

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

Result<ModelTarget> by_arn(const inference::Catalog& catalog, const Call& call, const ModelArn& arn) {
  if (arn.region != call.region) return invalid_identifier();
  if (arn.kind == "foundation-model" && arn.account.empty()) return foundation_model(catalog, arn.id);
  if (arn.account != call.account() && !arn.account.empty())
    return fail(access_denied_exception("You don't have access to the model with the specified model ID."));
  if (arn.kind == "inference-profile") return profile(catalog, arn.id, call.region);
  return fail(validation_exception(fmt::format("Models of the kind {} are not supported yet.", arn.kind)));
}

}  // namespace

Result<ModelTarget> model_target(const inference::Catalog& catalog, const Call& call, std::string_view identifier) {
  if (identifier.starts_with("arn:")) {
    std::optional<ModelArn> arn = parse_arn(identifier);
    return arn ? by_arn(catalog, call, *arn) : invalid_identifier();
  }
  if (catalog.find_profile(identifier)) return profile(catalog, identifier, call.region);
  return foundation_model(catalog, identifier);
}

}  // namespace outcrop::bedrock_runtime
