#include "gen/bedrock/get_foundation_model_availability.h"

#include "gen/bedrock/errors.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/model/region_models.h"

namespace outcrop::bedrock {

// Whether the caller may use a model. Access needs no asking for here, so that only the Region decides.
Task<Result<GetFoundationModelAvailabilityOutput>> get_foundation_model_availability(Bedrock& bedrock, Call& call,
                                                                                     GetFoundationModelAvailabilityInput input) {
  const inference::CatalogModel* model = bedrock.catalog().find_model(input.model_id);
  if (!model) co_return fail(validation_exception("The provided model identifier is invalid."));
  const bool is_offered = RegionModels(bedrock.catalog(), call.region).offers(*model);
  co_return GetFoundationModelAvailabilityOutput{.model_id = std::move(input.model_id),
                                                 .agreement_availability = {.status = "AVAILABLE"},
                                                 .authorization_status = "AUTHORIZED",
                                                 .entitlement_availability = "AVAILABLE",
                                                 .region_availability = is_offered ? "AVAILABLE" : "NOT_AVAILABLE"};
}

}  // namespace outcrop::bedrock
