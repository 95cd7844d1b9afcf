// Code in place: a function with the tag outcrop:code-directory runs from that directory of the server's machine, as it is at each
// moment, instead of from its package: for work on it. A template with the tag stays valid on AWS, where it means nothing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/map.h"

namespace outcrop::lambda {

inline constexpr std::string_view code_directory_tag = "outcrop:code-directory";

// Directories of the server's machine are its operator's: with identities enforced, only those below the configured ones may be named.
struct InPlacePolicy {
  bool allows_any = false;
  std::vector<std::string> below = {};  // absolute
};

// The directory that the tags name; none: they name none. InvalidParameterValueException 400 where that may not be.
Result<std::optional<std::string>> code_directory_in(const wire::Map<std::string>& tags, const InPlacePolicy& policy);

}  // namespace outcrop::lambda
