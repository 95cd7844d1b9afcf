// The inference profiles that the service defines, as they are seen from a Region: the catalogue's, each with the Regions that a request
// from there may be routed to.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "gen/bedrock/types.h"
#include "inference/catalog.h"

namespace outcrop::bedrock {

inline constexpr std::string_view system_defined = "SYSTEM_DEFINED", application_defined = "APPLICATION", active = "ACTIVE";

// Whether the Region is known to have the profile, and the service still tells of its model.
bool is_offered(const inference::Catalog& catalog, const inference::InferenceProfile& profile, std::string_view region);
// Null when the Region does not offer one of that id.
const inference::InferenceProfile* find_system_profile(const inference::Catalog& catalog, std::string_view region, std::string_view id);

// The ARNs of the model in the Regions that the profile routes to from `region`, which it must be offered in. A global profile's are the
// one without a Region, and that of `region`.
std::vector<std::string> models_of(const inference::InferenceProfile& profile, std::string_view region);

// A profile that the caller's Region offers. When it was made is not known, hence not told.
InferenceProfileSummary describe(const inference::Catalog& catalog, const inference::InferenceProfile& profile, const Call& call);

}  // namespace outcrop::bedrock
