// Pages: where one goes on, opaque to callers.
#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "services/service-quotas/limits.h"

namespace outcrop::service_quotas {

// What the page before ended with. Fault: InvalidPaginationTokenException 400.
Result<std::optional<std::string>> position_of(const std::optional<std::string>& next_token);
std::string token_of(std::string_view last);

inline size_t page_size(const std::optional<int32_t>& max_results) { return max_results ? size_t(*max_results) : limits::results_max; }

}  // namespace outcrop::service_quotas
