// How requests are refused that more than one operation refuses. Words of ours where AWS's are not recorded.
#pragma once
#include <fmt/format.h>

#include <string_view>

#include "gen/bedrock/errors.h"

namespace outcrop::bedrock {

inline Fault no_such_profile(std::string_view identifier) {
  return resource_not_found_exception(fmt::format("The inference profile {} was not found.", identifier));
}

inline Fault anothers_profile() { return access_denied_exception("You don't have access to inference profiles of another account."); }

}  // namespace outcrop::bedrock
