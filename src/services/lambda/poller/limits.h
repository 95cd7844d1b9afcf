// The limits of reading queues for functions, each with its source: the Lambda Developer Guide, by page, or our own reason.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::lambda::limits {

inline constexpr size_t event_bytes_max = 6 << 20;      // "Lambda quotas": Invocation payload, synchronous
inline constexpr int32_t received_at_once_max = 10;     // SQS API, ReceiveMessage
inline constexpr size_t deleted_at_once_max = 10;       // SQS API, DeleteMessageBatch
inline constexpr Seconds long_poll{20};                 // SQS API, ReceiveMessage: WaitTimeSeconds
inline constexpr uint32_t pollers_at_first = 5;         // "Configuring scaling behavior for SQS event source mappings"
inline constexpr Milliseconds poller_interval{200};     // likewise: 300 more a minute, here one after the other
inline constexpr uint32_t concurrency_of_queue = 1250;  // likewise, where ScalingConfig says nothing

// Our own.
inline constexpr Milliseconds throttled_wait_first{50};    // before a throttled batch is tried again; then twice as long
inline constexpr Milliseconds throttled_wait_max{10'000};  // likewise
inline constexpr Milliseconds problem_wait_first{1000};    // before a queue or function that cannot be had is tried again
inline constexpr Milliseconds problem_wait_max{10'000};    // likewise
inline constexpr Seconds hidden_default{30};               // SQS's visibility timeout, when the queue does not tell its own
inline constexpr int delete_attempts = 4;                  // of messages whose function succeeded
inline constexpr Milliseconds delete_wait_first{100};      // between them; then twice as long
inline constexpr size_t deletes_at_once = 8;               // calls under way of one batch

}  // namespace outcrop::lambda::limits
