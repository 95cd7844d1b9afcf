// Telemetry: spans and metrics for OpenTelemetry, where they are configured. Every part of the server may hold it and start spans of its
// own; without a configuration it does nothing.
#pragma once
#include <list>
#include <memory>
#include <optional>

#include "core/telemetry/exporter.h"

namespace outcrop::telemetry {

struct TelemetryOptions {
  ExporterOptions exporter;
  double sampling_ratio = 1;  // of traces that begin here
};

class Telemetry {
 public:
  explicit Telemetry(World& world);  // off
  Telemetry(World& world, Metrics& metrics, std::unique_ptr<OtlpSender> sender, TelemetryOptions options);

  bool is_on() const { return exporter_.has_value(); }
  // A span that stands under what the call's caller did. Thread-safe; records nothing when it is off.
  Span start_span(const Call& call, std::string name, SpanKind kind);
  // Made before begin(), one for each name, and there as long as this is.
  Histogram& histogram(Histogram::Description description);

  void begin();
  // When nothing starts spans any more. On the first of the world's executors.
  Task<void> stop();

 private:
  Tracer tracer_;
  std::list<Histogram> histograms_;
  std::unique_ptr<OtlpSender> sender_;
  std::optional<Exporter> exporter_;  // none when it is off
};

}  // namespace outcrop::telemetry
