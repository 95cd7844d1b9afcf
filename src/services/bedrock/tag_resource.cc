#include "gen/bedrock/tag_resource.h"

#include "services/bedrock/resource/tags.h"

namespace outcrop::bedrock {

// Adds tags to a resource; those of the same keys are overwritten.
Task<Result<TagResourceOutput>> tag_resource(Bedrock& bedrock, Call& call, TagResourceInput input) {
  const ProfileIdentifier named = co_await read_taggable_resource(bedrock, call, input.resource_arn);
  const ApplicationProfiles::ChangeTags add = [&](wire::Map<std::string>& tags) { return add_tags(tags, input.tags, input.resource_arn); };
  co_await bedrock.application_profiles().change_tags(place_of(call), named.id, add);
  co_return TagResourceOutput();
}

}  // namespace outcrop::bedrock
