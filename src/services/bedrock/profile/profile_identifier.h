// What an identifier of an inference profile names: one that the service defines or one that an account made, by id or by ARN.
#pragma once
#include <string_view>

#include "base/result.h"
#include "core/call.h"
#include "inference/catalog.h"

namespace outcrop::bedrock {

struct ProfileIdentifier {
  const inference::InferenceProfile* system_defined = nullptr;  // offered in the caller's Region; null: an application profile
  std::string_view id;                                          // of the text it was read from
};

// An application profile of the caller's, whether or not there is one of the id. Faults: ValidationException 400 for ARNs of other things
// and of other Regions, AccessDeniedException 403 for those of other accounts, ResourceNotFoundException 404 for profiles that the service
// does not define.
Result<ProfileIdentifier> read_profile_identifier(const inference::Catalog& catalog, const Call& call, std::string_view text);

}  // namespace outcrop::bedrock
