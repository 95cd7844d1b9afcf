#include "gen/bedrock/untag_resource.h"

#include "services/bedrock/resource/tags.h"

namespace outcrop::bedrock {

// Takes tags from a resource; keys that it does not have are no error.
Task<Result<UntagResourceOutput>> untag_resource(Bedrock& bedrock, Call& call, UntagResourceInput input) {
  const ProfileIdentifier named = co_await read_taggable_resource(bedrock, call, input.resource_arn);
  const ApplicationProfiles::ChangeTags take = [&](wire::Map<std::string>& tags) -> Result<void> {
    for (const std::string& key : input.tag_keys) tags.erase(key);
    return {};
  };
  co_await bedrock.application_profiles().change_tags(place_of(call), named.id, take);
  co_return UntagResourceOutput();
}

}  // namespace outcrop::bedrock
