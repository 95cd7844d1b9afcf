// The limits of events, each with its source. "Guide" is the API Gateway Developer Guide.
#pragma once
#include <cstddef>

#include "base/time.h"
#include "gateway/connection/limits.h"

namespace outcrop::gateway::limits {

inline constexpr Milliseconds integration_timeout_max{29'000};  // Guide, "Quotas for configuring and running a WebSocket API"
inline constexpr size_t http_answer_bytes_max = 1 << 20;        // of an endpoint, before a template makes a message of it. Ours

// Of messages whose integrations have not ended, all connections together; each counts with its event, whatever the client has been told by
// then. What comes beyond is refused with 429. Ours: an eighth of a small machine, and 2,000 messages of the largest size.
inline constexpr size_t event_bytes_in_flight_max = size_t(256) << 20;
inline constexpr size_t event_bytes_least = 4 << 10;  // what an event counts that says nothing: its context, its coroutines

inline constexpr size_t event_log_bytes = 16 << 10;  // what it counts besides where its execution log gathers: a line for each step

// $disconnect is tried so often, where it was the function's environment or its concurrency that failed and not the function. AWS promises
// no attempt. The wait before the second; it doubles. About three minutes in all; what was in vain then is left to the next server.
inline constexpr int disconnect_attempts_max = 12;
inline constexpr Milliseconds disconnect_retry_delay{200}, disconnect_retry_delay_max{30'000};

// Guide, "Execution logging for REST APIs": "Log events are truncated at 1 KB"; of WebSocket APIs it says nothing.
inline constexpr size_t execution_log_line_max = 1 << 10;

}  // namespace outcrop::gateway::limits
