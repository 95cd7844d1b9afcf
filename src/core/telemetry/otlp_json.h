// Requests of OTLP/HTTP in JSON (OTLP specification 1.x, "JSON Protobuf Encoding"): 64-bit integers are strings, ids hexadecimal, enums
// numbers.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/telemetry/histogram.h"
#include "core/telemetry/tracer.h"

namespace outcrop::telemetry {

// Who tells: attributes of the process, and the program's version.
struct Source {
  Attributes resource;
  std::string version;
};

// An ExportTraceServiceRequest.
std::string trace_request(const Source& source, std::span<const SpanRecord> spans);
// An ExportMetricsServiceRequest of what was counted from `began` to `now`.
std::string metrics_request(const Source& source, std::span<const Histogram* const> histograms, Instant began, Instant now);

// What a server that took only a part says: how many spans or points it refused, and why.
struct PartialSuccess {
  int64_t rejected = 0;
  std::string reason;
};
PartialSuccess read_partial_success(std::string_view answer);

std::string attributes_json(const Attributes& attributes);

}  // namespace outcrop::telemetry
