#include "gen/bedrock/list_foundation_models.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/model/region_models.h"

namespace outcrop::bedrock {

namespace {

bool holds(const std::optional<std::vector<std::string>>& texts, const std::optional<std::string>& wanted) {
  return !wanted || (texts && std::ranges::count(*texts, *wanted) > 0);
}

// Providers are found whatever the case: "anthropic" finds Anthropic.
bool suits(const FoundationModelSummary& model, const ListFoundationModelsInput& input) {
  return (!input.by_provider || ascii_equal_ignoring_case(*model.provider_name, *input.by_provider)) &&
         holds(model.customizations_supported, input.by_customization_type) && holds(model.output_modalities, input.by_output_modality) &&
         holds(model.inference_types_supported, input.by_inference_type);
}

}  // namespace

// The models of the caller's Region, by id.
Task<Result<ListFoundationModelsOutput>> list_foundation_models(Bedrock& bedrock, Call& call, ListFoundationModelsInput input) {
  const RegionModels models(bedrock.catalog(), call.region);
  ListFoundationModelsOutput output{.model_summaries = std::vector<FoundationModelSummary>()};
  for (const inference::CatalogModel& model : bedrock.catalog().models()) {
    if (!models.offers(model)) continue;
    FoundationModelSummary summary = models.describe(model);
    if (suits(summary, input)) output.model_summaries->push_back(std::move(summary));
  }
  co_return output;
}

}  // namespace outcrop::bedrock
