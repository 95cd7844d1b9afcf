// The limits of who is let through, each with its source. Guide is the API Gateway Developer Guide.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::gateway::limits {

inline constexpr size_t authorizer_answer_bytes_max = 8 << 10;  // Guide, "Quotas for configuring and running a WebSocket API"
inline constexpr Milliseconds authorizer_timeout{29'000};       // the same: as any integration of a WebSocket API

// Token buckets of routes that are kept; beyond, those that are full are let go. Ours.
inline constexpr size_t buckets_max = 10'000;

}  // namespace outcrop::gateway::limits
