#include "gen/bedrock/get_foundation_model.h"

#include "gen/bedrock/errors.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/model/region_models.h"
#include "services/bedrock/resource/resource_name.h"

namespace outcrop::bedrock {

namespace {

// The id in what may be the ARN of a model of this Region; empty where it is another's.
std::string_view model_id_in(const Call& call, std::string_view identifier) {
  if (!identifier.starts_with("arn:")) return identifier;
  const std::optional<ResourceName> name = parse_resource_name(identifier);
  const bool is_here = name && name->kind == foundation_model_kind && name->region == call.region;
  return is_here ? name->id : std::string_view();
}

FoundationModelDetails details_of(FoundationModelSummary summary) {
  return {.model_arn = std::move(summary.model_arn),
          .model_id = std::move(summary.model_id),
          .model_name = std::move(summary.model_name),
          .provider_name = std::move(summary.provider_name),
          .input_modalities = std::move(summary.input_modalities),
          .output_modalities = std::move(summary.output_modalities),
          .response_streaming_supported = summary.response_streaming_supported,
          .customizations_supported = std::move(summary.customizations_supported),
          .inference_types_supported = std::move(summary.inference_types_supported),
          .model_lifecycle = std::move(summary.model_lifecycle)};
}

}  // namespace

// One model of those that ListFoundationModels lists, by its id or ARN.
Task<Result<GetFoundationModelOutput>> get_foundation_model(Bedrock& bedrock, Call& call, GetFoundationModelInput input) {
  const RegionModels models(bedrock.catalog(), call.region);
  const inference::CatalogModel* model = bedrock.catalog().find_model(model_id_in(call, input.model_identifier));
  if (!model || !models.offers(*model)) co_return fail(validation_exception("The provided model identifier is invalid."));
  co_return GetFoundationModelOutput{.model_details = details_of(models.describe(*model))};
}

}  // namespace outcrop::bedrock
