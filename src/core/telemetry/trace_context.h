// Where a call stands in a trace: what its caller said in `traceparent` (W3C Trace Context) or in X-Amzn-Trace-Id (AWS X-Ray).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop {
struct Call;
}

namespace outcrop::telemetry {

struct TraceContext {
  std::string trace_id;         // 32 hexadecimal digits, lower case; empty: there is no trace yet
  std::string span_id;          // 16, of the caller's span; empty: none
  std::optional<bool> sampled;  // as decided before; none: undecided

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

// Empty for what is malformed, as the specification asks.
TraceContext read_traceparent(std::string_view header);
// "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"; the trace id is the same without "1-" and hyphen.
TraceContext read_xray_header(std::string_view header);

// The caller's; traceparent's where there are both.
TraceContext context_of(const Call& call);

// "00-…-…-01".
std::string write_traceparent(const TraceContext& context);

}  // namespace outcrop::telemetry
