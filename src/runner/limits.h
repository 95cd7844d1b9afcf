// The limits of runner, each with its source.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::runner::limits {

// Of an environment's lines that wait to be stored. Ours: a function that writes faster than the log takes loses lines, not the server
// memory.
inline constexpr size_t log_bytes_waiting_max = 1 << 20;
// Lines gather so long before they are stored together. Ours: a trivial function writes 15,000 lines a second.
inline constexpr Milliseconds log_delay{50};
// LogType Tail (Lambda API Reference, Invoke).
inline constexpr size_t log_tail_bytes = 4 << 10;
// Of one record of a runtime client: what an event of CloudWatch Logs may be (1 MB, PutLogEvents).
inline constexpr size_t log_record_bytes_max = 1 << 20;

}  // namespace outcrop::runner::limits
