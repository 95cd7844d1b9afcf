// Limits of what is recorded of events, each with its source.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::gateway::limits {

// Ours: how long a line waits for others that go to the disk with it.
inline constexpr Milliseconds log_delay{1'000};
// Ours: what waits for a log group. Beyond it lines are dropped, oldest first, and a line says how many.
inline constexpr size_t log_bytes_waiting_max = 4 << 20;
// Ours: log groups that lines wait for at once.
inline constexpr size_t logs_max = 10'000;

}  // namespace outcrop::gateway::limits
