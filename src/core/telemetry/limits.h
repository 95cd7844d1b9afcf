// The limits of telemetry, each with its source.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace outcrop::telemetry::limits {

// Ended spans that wait for being sent; more are dropped and counted. And how many are sent at a time. The defaults of OpenTelemetry's
// batching span processor (OpenTelemetry specification, "Environment Variable Specification": OTEL_BSP_MAX_QUEUE_SIZE,
// OTEL_BSP_MAX_EXPORT_BATCH_SIZE).
inline constexpr size_t spans_waiting_max = 2048;
inline constexpr size_t spans_per_request_max = 512;
// Likewise: OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT. Lengths are without a limit there; ours keeps a span small.
inline constexpr size_t attributes_per_span_max = 128;
inline constexpr size_t attribute_bytes_max = 4096;

// Likewise: OTEL_BSP_SCHEDULE_DELAY, OTEL_METRIC_EXPORT_INTERVAL, OTEL_EXPORTER_OTLP_TIMEOUT.
inline constexpr Milliseconds spans_interval_default{5'000};
inline constexpr Milliseconds metrics_interval_default{60'000};
inline constexpr Milliseconds request_timeout_default{10'000};

// Combinations of attributes of one metric; others are added up in one (OpenTelemetry specification, "Metrics SDK", cardinality limits).
inline constexpr size_t series_per_metric_max = 2000;

// How often a request is sent, and how long is waited before the next time: twice as long each time, and up to as long as the answer
// says. Ours; the protocol asks for exponential back-off with jitter, and to obey Retry-After (OTLP specification, "OTLP/HTTP Throttling").
inline constexpr int tries_max = 5;
inline constexpr Milliseconds retry_first{1'000};
inline constexpr Milliseconds retry_after_max{30'000};

// What is kept of an answer: a partial success has a message.
inline constexpr size_t answer_bytes_max = 64 << 10;

// When the server ends: for what still waits to be sent.
inline constexpr Milliseconds flush_timeout{1'000};

}  // namespace outcrop::telemetry::limits
