// The limits of core, each with its reason.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::limits {

// Logical shards of a new data directory: enough to spread over any machine's cores, few enough that opening
// them all is instant. Our choice.
inline constexpr uint32_t shards_default = 64;
// Two bytes in every key.
inline constexpr uint32_t shards_max = 65536;
// A batch is handed over early at this size, so that one command more stays under the store's 8 MiB a
// transaction (DESIGN section 4).
inline constexpr size_t shard_batch_bytes_max = 4 << 20;

// A wall clock that was set is noticed within this time.
inline constexpr Seconds wall_clock_check_interval{30};
// Timers that fire before other work of their thread has its turn.
inline constexpr size_t timers_fired_in_a_row_max = 256;

// Real time the manual clock waits, between two timers, for work to come to rest; work that does not (a client
// under load) must not stop the clock for good.
inline constexpr Seconds quiescence_wait_max{1};
// Timers that fire in one advance: a chain that does not get ahead would never end.
inline constexpr uint64_t timers_per_advance_max = 10'000'000;

// Durable timers one read of a shard's window takes; up to twice that is kept. Ours: 64 full shards stay under 32 MiB.
inline constexpr size_t timer_window_entries = 512;
inline constexpr size_t timer_window_bytes = 256 << 10;
// Handlers of durable timers that run at a time in a shard.
inline constexpr size_t timer_handlers_running_max = 64;
inline constexpr size_t timer_kind_bytes_max = 64;
inline constexpr size_t timer_id_bytes_max = 512;
inline constexpr size_t timer_payload_bytes_max = 16 << 10;
inline constexpr Seconds timer_retry_first{1};
inline constexpr Seconds timer_retry_max{60};

// Of a request whose service says nothing else: most AWS APIs take 1 MiB of payload, to which come its envelope,
// escapes and base64.
inline constexpr size_t body_bytes_default = 6 << 20;

// Of a streamed body that becomes a string in JSON. Step Functions and EventBridge pass on 256 KiB; Lambda, the largest taker, 6 MB.
inline constexpr size_t json_stream_bytes_max = 6 << 20;

// How long a call may take in all. The longest AWS allows is a synchronous Lambda invocation of 15 minutes.
inline constexpr Seconds call_time_max{15 * 60 + 10};

// Of a request to the admin interface: a fault rule is the largest.
inline constexpr size_t admin_body_bytes_max = 64 << 10;

// Fault rules at a time, and the longest delay one can make. Ours.
inline constexpr size_t fault_rules_max = 1000;
inline constexpr Milliseconds injected_latency_max{300'000};
// Accounts and regions an operation's throttle tells apart. Ours: 10,000 buckets are about 2 MiB.
inline constexpr size_t throttle_buckets_max = 10'000;

}  // namespace outcrop::limits
