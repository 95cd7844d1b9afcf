// The limits of endpoints, each with its source.
#pragma once
#include <cstddef>

#include "base/time.h"

namespace outcrop::inference::limits {

// Endpoints of one model. Ours.
inline constexpr size_t model_endpoints_max = 16;
// How long an endpoint that failed is passed over: doubled with each failure in a row. Envoy's outlier detection begins with 30 s and
// ends with 300 s; a model server that was restarted should not wait that long for work.
inline constexpr Milliseconds passed_over_first{1'000};
inline constexpr Milliseconds passed_over_max{30'000};

// Requests under way at one endpoint. The window begins where nothing real is held up: vLLM takes 256 sequences at a time and keeps
// others in a queue of its own, hosted models push back with 429 long before. The most is ours.
inline constexpr double endpoint_window_first = 128;
inline constexpr size_t endpoint_window_max = 1'024;
// How long a request waits for a place by default, and how many wait for one model. Ours: the AWS SDKs try again after a throttle, so that
// a longer queue serves nobody.
inline constexpr Milliseconds place_wait_default{10'000};
inline constexpr size_t waiting_for_place_max = 4'096;
// The longest Retry-After that is believed. Ours: a wrong date must not silence a server for a day.
inline constexpr Seconds retry_after_max{300};

// How much busier than the average the endpoint may be that has seen a prefix before, so that it is asked all the same ("Consistent
// Hashing with Bounded Loads", Mirrokni, Thorup, Zadimoghaddam 2016, which HAProxy and Google's balancers use with 1.25 to 1.5).
inline constexpr double prefix_load_factor = 1.25;
// What of each text tells prefixes apart. Ours: longer ones are alike to nobody's harm, and hashing stays below 10 µs.
inline constexpr size_t prefix_text_bytes_max = 8 << 10;

// After the last event of a stream the response's end is waited for, so that the connection serves again. Ours.
inline constexpr Milliseconds answer_end_timeout{1'000};

}  // namespace outcrop::inference::limits
