// The limits of runner, each with its source.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::runner::limits {

// A whole answer, as AWS words it: "Response payload size exceeded maximum allowed payload size (6291556 bytes)." The quota is 6 MB.
inline constexpr size_t response_bytes_max = 6'291'556;
// A streamed answer: Lambda's quota page, 200 MB.
inline constexpr uint64_t streamed_response_bytes_max = 200ull << 20;
// The name of an error's type, "Runtime.ImportModuleError"; ours.
inline constexpr size_t error_type_bytes_max = 256;

// The Init phase: AWS's documentation of the execution environment's lifecycle. One that fails is tried again as part of an invocation,
// within the function's time-out.
inline constexpr Milliseconds init_timeout{10'000};
// Between SIGTERM and SIGKILL of an environment that is not needed any more: AWS's Shutdown phase gives a runtime 500 ms.
inline constexpr Milliseconds end_grace{500};
// In which invocations that run may end when the server stops; ours.
inline constexpr Milliseconds stop_grace{2'000};

// How often it is looked whether the last words of a process that has ended were read; ours.
inline constexpr Milliseconds last_read_interval{1};
// And for how long, of one that never asked for an event: whoever else has its port open must not keep it; ours.
inline constexpr Milliseconds last_read_max{100};

// Ours: a function that has answered asks for its next event within this; until then a new invocation waits for it instead of starting
// another environment.
inline constexpr Milliseconds poll_wait{25};
// Environments that are being started at the same time on one loop, and how long one of them counts at the most: starting a runtime keeps a
// core busy for about 50 ms, and more of them at once only make each slower. Ours.
inline constexpr size_t starts_at_once = 2;
inline constexpr Milliseconds start_turn{500};

// AWS: 1,000 environments every 10 seconds for each function, and ten times as many requests a second as its concurrency.
inline constexpr double environments_per_second = 100;
inline constexpr double environments_burst = 1'000;
inline constexpr double requests_per_concurrency = 10;
// Of an account in a Region, where no quota was raised: Lambda's quota page.
inline constexpr uint32_t account_concurrency = 1'000;

// Environments of this machine: so much of its memory for each, within bounds; ours, a setting. A small Node function takes 40 MiB.
inline constexpr size_t memory_mb_per_environment = 64;
inline constexpr size_t environments_min = 16;
inline constexpr size_t environments_max = 1'000;
// How often one that is not used is let go for another; ours.
inline constexpr int room_attempts_max = 4;
// After so long without an invocation an environment ends; AWS's is not documented. A setting.
inline constexpr Milliseconds idle_timeout{300'000};
// Environments end before the credentials they were given do; ours.
inline constexpr Milliseconds credentials_margin{900'000};

// Of one environment's Runtime API: connections (clients use one or two), and all bodies that are being read from it.
inline constexpr size_t connections_max = 16;
inline constexpr int connections_waiting_max = 16;
inline constexpr size_t body_budget_bytes = 8u << 20;
// A stream may pause as long as its function may run: 15 minutes.
inline constexpr Milliseconds body_timeout{900'000};

// A provisioned environment that could not be initialised is tried again after a pause, doubled each time; ours.
inline constexpr Milliseconds provision_retry_first{1'000};
inline constexpr Milliseconds provision_retry_max{60'000};

// How often a directory whose code is used in place is looked through for changes, at the most, and how many of its entries. Ours.
inline constexpr Milliseconds code_check_interval{50};
inline constexpr size_t code_entries_max = 20'000;
// Revisions of a version that are remembered as gone by; ours: an invocation that was prepared before a change comes soon after it.
inline constexpr size_t past_revisions_max = 16;

// Of an environment's lines that wait to be stored. Ours: a function that writes faster than the log takes loses lines, not the server
// memory.
inline constexpr size_t log_bytes_waiting_max = 1 << 20;
// Lines gather so long before they are stored together. Ours: a trivial function writes 15,000 lines a second.
inline constexpr Milliseconds log_delay{50};
// LogType Tail (Lambda API Reference, Invoke).
inline constexpr size_t log_tail_bytes = 4 << 10;
// How far from the clock's time that of a record may be: as long as a function may run. Ours.
inline constexpr Milliseconds record_time_off_max{900'000};
// Of one record of a runtime client: what an event of CloudWatch Logs may be (1 MB, PutLogEvents).
inline constexpr size_t log_record_bytes_max = 1 << 20;

}  // namespace outcrop::runner::limits
