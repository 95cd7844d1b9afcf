// The limits of concurrency, each with its source. What an account may have in all is a quota (account/quotas.h).
#pragma once
#include <cstdint>

namespace outcrop::lambda::limits {

// What reservations leave to functions that reserve nothing (Lambda Developer Guide, "Configuring reserved concurrency").
inline constexpr uint64_t unreserved_concurrency_min = 100;

}  // namespace outcrop::lambda::limits
