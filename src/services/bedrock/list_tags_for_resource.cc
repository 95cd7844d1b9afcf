#include "gen/bedrock/list_tags_for_resource.h"

#include "services/bedrock/profile/wording.h"
#include "services/bedrock/resource/tags.h"

namespace outcrop::bedrock {

// The tags of a resource; what the service defines has none.
Task<Result<ListTagsForResourceOutput>> list_tags_for_resource(Bedrock& bedrock, Call& call, ListTagsForResourceInput input) {
  const ProfileIdentifier named = co_await read_tagged_resource(bedrock, call, input.resource_arn);
  ListTagsForResourceOutput output{.tags = std::vector<Tag>()};
  if (named.system_defined) co_return output;
  const auto record = co_await bedrock.application_profiles().get(place_of(call), named.id);
  if (!record) co_return fail(no_such_profile(input.resource_arn));
  for (const auto& [key, value] : record->tags) output.tags->push_back({key, value});
  co_return output;
}

}  // namespace outcrop::bedrock
