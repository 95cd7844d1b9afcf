// The limits of CloudWatch Logs, each with its source. "API" is the CloudWatch Logs API Reference, "Guide" the User Guide; the rest are
// our own.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::cloudwatch_logs::limits {

// Writing (API, PutLogEvents).
inline constexpr size_t batch_bytes_max = 1'048'576;  // messages, and event_overhead_bytes for each
inline constexpr size_t event_overhead_bytes = 26;
inline constexpr size_t event_bytes_max = 1'048'576;  // of one message and its overhead: "no larger than 1 MB"
inline constexpr size_t batch_events_max = 10'000;
inline constexpr Milliseconds future_max{2 * 3'600'000};
inline constexpr Milliseconds past_max{14 * 86'400'000};
inline constexpr Milliseconds batch_span_max{86'400'000};

// Reading (API, GetLogEvents and FilterLogEvents: "as many log events as can fit in a response size of 1 MB (up to 10,000 log events)").
inline constexpr size_t page_bytes_max = 1 << 20;
inline constexpr size_t page_events_max = 10'000;
inline constexpr size_t filtered_bytes_max = 8 << 20;  // that one FilterLogEvents looks at before it gives a page, which may be empty
inline constexpr size_t filtered_events_max = 10'000;  // the same
inline constexpr size_t describe_default = 50;         // API, DescribeLogGroups and DescribeLogStreams

// API, FilterPattern has 1,024 characters; Guide, "Filter pattern syntax": "a limit of 2 regex for each filter pattern".
inline constexpr size_t pattern_expressions_max = 2;
inline constexpr size_t pattern_depth_max = 32;         // of parentheses in it
inline constexpr size_t expression_steps_max = 10'000;  // of PCRE2 on one message, and for each byte of it
inline constexpr size_t expression_steps_a_byte = 8;    // so many more
inline constexpr size_t expression_heap_kib_max = 1024;
inline constexpr size_t expression_repeats_max = 100;  // n and m of {n,m}, which PCRE2 runs through uncounted; ours
inline constexpr size_t json_values_max = 50'000;      // of one message that is matched as JSON, about 1 MiB

// API, StartLiveTail and LiveTailSessionUpdate. The bytes are ours: a client's event stream takes messages of 16 MiB.
inline constexpr size_t update_events_max = 500;
inline constexpr size_t update_bytes_max = 4 << 20;
inline constexpr Milliseconds update_interval{1'000};
inline constexpr Milliseconds tail_session_time_max{3 * 3'600'000};
inline constexpr size_t tail_sessions_of_account_max = 15;  // Guide, "CloudWatch Logs quotas", Live Tail sessions

inline constexpr size_t tags_max = 50;  // API, TagResource

// Groups and streams that a shard knows at a time, at about 1 KiB; others are read again.
inline constexpr size_t known_entries_max = 512;
// What one step of an erasure reads, and erases in one batch.
inline constexpr size_t erased_at_once_max = 1000;
inline constexpr Milliseconds erasure_pause{1'000};        // until one is tried again that found another of its shard under way
inline constexpr Milliseconds sweep_interval{86'400'000};  // how often what is past its retention is erased

}  // namespace outcrop::cloudwatch_logs::limits
