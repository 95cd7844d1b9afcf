#include "gen/bedrock/create_inference_profile.h"

#include "gen/bedrock/errors.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/profile/profile_source.h"
#include "services/bedrock/profile/system_profile.h"
#include "services/bedrock/resource/resource_name.h"
#include "services/bedrock/resource/tags.h"

namespace outcrop::bedrock {

// Makes an application inference profile of a model or of a profile that the service defines. A request that comes again by its token
// makes none, and gets the first one's.
Task<Result<CreateInferenceProfileOutput>> create_inference_profile(Bedrock& bedrock, Call& call, CreateInferenceProfileInput input) {
  if (!input.model_source.copy_from) co_return fail(validation_exception("modelSource has no copyFrom."));
  ProfileSource source = co_await read_profile_source(bedrock.catalog(), call, *input.model_source.copy_from);
  const Instant now = call.world.clock.wall();
  ApplicationProfileRecord record;
  if (input.tags) co_await add_tags(record.tags, *input.tags, input.inference_profile_name);
  record.name = std::move(input.inference_profile_name);
  record.description = std::move(input.description);
  record.source = std::move(source.id);
  record.models = std::move(source.models);
  record.created_at = record.updated_at = now;
  record.request_token = std::move(input.client_request_token);
  const std::string id = co_await bedrock.application_profiles().create(place_of(call), std::move(record));
  co_return CreateInferenceProfileOutput{.inference_profile_arn = profile_arn(application_profile_kind, call.region, call.account(), id),
                                         .status = std::string(active)};
}

}  // namespace outcrop::bedrock
