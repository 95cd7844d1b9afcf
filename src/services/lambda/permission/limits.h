// The limits of functions' policies, each with its source.
#pragma once
#include <cstddef>

namespace outcrop::lambda::limits {

// Of a policy, as it is shown (AWS Lambda Developer Guide, "Lambda quotas": resource-based policy, 20 KB).
inline constexpr size_t policy_bytes_max = 20'480;

}  // namespace outcrop::lambda::limits
