// The limits of asynchronous invocation, each with its source. "Guide" is the page on error handling of asynchronous invocations in the
// Lambda Developer Guide, "API" the API Reference; the rest are our own.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::lambda::limits {

inline constexpr int32_t retries_default = 2;                    // Guide
inline constexpr Seconds event_age_default{6 * 3600};            // Guide
inline constexpr Seconds retry_wait_step{60};                    // Guide: one minute before the second attempt, two before the third
inline constexpr Seconds back_off_first{1};                      // Guide: after what the function had no part in
inline constexpr Seconds back_off_max{300};                      // Guide
inline constexpr size_t dead_letter_message_bytes_max = 1'024;   // Guide: ErrorMessage of a dead-letter queue's messages
inline constexpr size_t event_payload_inline_bytes_max = 8'192;  // beyond it a payload lies beside its event, in pieces of
inline constexpr size_t event_payload_piece_bytes = 256 << 10;   // this size

// What memory holds of the events of one function that wait; up to twice that for a while.
inline constexpr size_t waiting_events_window = 256;
inline constexpr size_t waiting_events_window_bytes = 128 << 10;

// Events of a function that are being delivered. Environments are processes of one machine: a few are made at once, more one by one while
// events wait and all of these are busy, for functions that spend their time waiting.
inline constexpr size_t deliveries_first = 10;
inline constexpr size_t deliveries_max = 1'000;  // Quotas, "Concurrent executions" of an account
inline constexpr Milliseconds delivery_added_every{100};

// Functions of a shard whose empty queues stay in memory.
inline constexpr size_t idle_event_queues_max = 64;
// How often a destination that fails on its own account is tried, with the back-off's waits between.
inline constexpr int destination_attempts_max = 4;
// A window that could not be read is read again after this time.
inline constexpr Seconds event_window_retry{1};

}  // namespace outcrop::lambda::limits
