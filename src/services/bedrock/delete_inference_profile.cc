#include "gen/bedrock/delete_inference_profile.h"

#include "gen/bedrock/errors.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/profile/profile_identifier.h"

namespace outcrop::bedrock {

// Deletes an application inference profile, by its id or ARN.
Task<Result<DeleteInferenceProfileOutput>> delete_inference_profile(Bedrock& bedrock, Call& call, DeleteInferenceProfileInput input) {
  const ProfileIdentifier named = co_await read_profile_identifier(bedrock.catalog(), call, input.inference_profile_identifier);
  if (named.system_defined) co_return fail(validation_exception("Inference profiles that Amazon Bedrock defines cannot be deleted."));
  co_await bedrock.application_profiles().erase(place_of(call), named.id);
  co_return DeleteInferenceProfileOutput();
}

}  // namespace outcrop::bedrock
