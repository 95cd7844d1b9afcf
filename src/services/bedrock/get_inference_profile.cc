#include "gen/bedrock/get_inference_profile.h"

#include "services/bedrock/bedrock.h"
#include "services/bedrock/profile/profile_identifier.h"
#include "services/bedrock/profile/system_profile.h"
#include "services/bedrock/profile/wording.h"

namespace outcrop::bedrock {

namespace {

GetInferenceProfileOutput output_of(InferenceProfileSummary summary) {
  return {.inference_profile_name = std::move(summary.inference_profile_name),
          .description = std::move(summary.description),
          .created_at = summary.created_at,
          .updated_at = summary.updated_at,
          .inference_profile_arn = std::move(summary.inference_profile_arn),
          .models = std::move(summary.models),
          .inference_profile_id = std::move(summary.inference_profile_id),
          .status = std::move(summary.status),
          .type = std::move(summary.type)};
}

}  // namespace

// One inference profile of either type, by its id or ARN.
Task<Result<GetInferenceProfileOutput>> get_inference_profile(Bedrock& bedrock, Call& call, GetInferenceProfileInput input) {
  const std::string& identifier = input.inference_profile_identifier;
  const ProfileIdentifier named = co_await read_profile_identifier(bedrock.catalog(), call, identifier);
  if (named.system_defined) co_return output_of(describe(bedrock.catalog(), *named.system_defined, call));
  const auto record = co_await bedrock.application_profiles().get(place_of(call), named.id);
  if (!record) co_return fail(no_such_profile(identifier));
  co_return output_of(describe(place_of(call), named.id, *record));
}

}  // namespace outcrop::bedrock
