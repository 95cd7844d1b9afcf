// What an application inference profile is copied from: a model of the caller's Region, or a profile that the service defines there.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/call.h"
#include "inference/catalog.h"

namespace outcrop::bedrock {

struct ProfileSource {
  std::string id;                   // of a model of the catalogue, or of a profile of it
  std::vector<std::string> models;  // ARNs
};

// Faults: ValidationException 400 for what can be no source here, AccessDeniedException 403 for what is another account's.
Result<ProfileSource> read_profile_source(const inference::Catalog& catalog, const Call& call, std::string_view arn);

}  // namespace outcrop::bedrock
