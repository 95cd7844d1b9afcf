// The tags of resources: of application inference profiles, which are all that can be tagged so far.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gen/bedrock/types.h"
#include "services/bedrock/bedrock.h"
#include "services/bedrock/profile/profile_identifier.h"
#include "wire/map.h"

namespace outcrop::bedrock {

// Adds tags, or gives those of the same keys new values. Faults: ValidationException 400 for keys that are reserved or come twice;
// TooManyTagsException 400, which names `resource`, where that makes more than a resource may have.
Result<void> add_tags(wire::Map<std::string>& tags, const std::vector<Tag>& added, std::string_view resource);

// The identifier of what a request about tags names. Faults: those of read_profile_identifier, and ResourceNotFoundException 404 for other
// resources, which do not exist here.
Result<ProfileIdentifier> read_tagged_resource(const Bedrock& bedrock, const Call& call, std::string_view arn);

// The same where tags are to be changed. Fault: ValidationException 400 for what the service defines.
Result<ProfileIdentifier> read_taggable_resource(const Bedrock& bedrock, const Call& call, std::string_view arn);

}  // namespace outcrop::bedrock
