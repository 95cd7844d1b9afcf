#include "services/bedrock-runtime/model/model_target.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "gen/bedrock-runtime/errors.h"
#include "services/bedrock-runtime/bedrock_runtime.h"

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

Result<ModelTarget> profile(const inference::Catalog& catalog, std::string_view id, std::string_view region) {
  const inference::InferenceProfile* profile = catalog.find_profile(id);
  const bool is_known = profile && !profile->routes.empty();
  if (!profile || (is_known && !profile->route_from(region))) return invalid_identifier();
  const inference::CatalogModel* model = catalog.find_model(profile->model_id);
  check(model != nullptr, "a profile of the catalogue is for no model of it");
  auto route = id.starts_with("global.") ? ModelTarget::Route::global : ModelTarget::Route::cross_region;
  return checked({model, route, profile->id});
}

struct Resource {
  std::string_view account, kind, id;
};

// "arn:aws:bedrock:us-east-1::foundation-model/ID" and "arn:aws:bedrock:us-east-1:123456789012:inference-profile/ID".
Result<Resource> resource_of(const Call& call, std::string_view text) {
  const std::optional<Arn> arn = parse_arn(text);
  const size_t slash = arn ? arn->resource.find('/') : std::string_view::npos;
  bool is_ours = slash != std::string_view::npos && arn->partition.starts_with("aws") && arn->service == "bedrock";
  if (!is_ours || arn->region != call.region) return invalid_identifier();
  if (arn->account != call.account() && !arn->account.empty())
    return fail(access_denied_exception("You don't have access to the model with the specified model ID."));
  return Resource{arn->account, arn->resource.substr(0, slash), arn->resource.substr(slash + 1)};
}

Result<ModelTarget> by_arn(const inference::Catalog& catalog, const Call& call, std::string_view text) {
  const Result<Resource> resource = resource_of(call, text);
  if (!resource) return fail(resource.error());
  if (resource->kind == "foundation-model" && resource->account.empty()) return foundation_model(catalog, resource->id);
  if (resource->kind == "inference-profile") return profile(catalog, resource->id, call.region);
  return fail(validation_exception(fmt::format("Models of the kind {} are not supported yet.", resource->kind)));
}

// The id in the ARN of an application inference profile; empty for what names anything else. By their ids alone they are not known.
std::string_view application_profile_id(const Call& call, std::string_view identifier) {
  if (!identifier.starts_with("arn:")) return {};
  const Result<Resource> resource = resource_of(call, identifier);
  return resource && resource->kind == "application-inference-profile" ? resource->id : std::string_view();
}

}  // namespace

Result<ModelTarget> model_target(const inference::Catalog& catalog, const Call& call, std::string_view identifier) {
  if (identifier.starts_with("arn:")) return by_arn(catalog, call, identifier);
  if (catalog.find_profile(identifier)) return profile(catalog, identifier, call.region);
  return foundation_model(catalog, identifier);
}

Task<Result<ModelTarget>> target_of(BedrockRuntime& bedrock, const Call& call, std::string_view identifier) {
  const std::string_view id = application_profile_id(call, identifier);
  if (id.empty()) co_return model_target(bedrock.catalog(), call, identifier);
  auto profile = co_await bedrock.profiles().find(call, id);
  if (!profile) co_return fail(resource_not_found_exception(fmt::format("The inference profile {} was not found.", identifier)));
  ModelTarget target = co_await model_target(bedrock.catalog(), call, profile->source);
  target.name = profile->id;
  target.application_profile = std::move(profile);
  co_return target;
}

std::string foundation_model_arn(const Call& call, std::string_view id) {
  return fmt::format("arn:aws:bedrock:{}::foundation-model/{}", call.region, id);
}

}  // namespace outcrop::bedrock_runtime
