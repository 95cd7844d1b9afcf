// The table of `outcrop quota`: what is used of each quota, and when it is used up when things go on like this.
#pragma once
#include <span>
#include <string>

#include "core/quota_usage.h"

namespace outcrop::server {

std::string quota_table(std::span<const QuotaUsage> usages);

// "in 42 s", "in 7 min", "in 3 h"; "used up"; "holds" when it fills as fast as it is used, "idle" when it is not used.
std::string forecast_of(const QuotaUsage& usage);

}  // namespace outcrop::server
