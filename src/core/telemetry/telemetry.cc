#include "core/telemetry/telemetry.h"

namespace outcrop::telemetry {

Telemetry::Telemetry(World& world) : tracer_(world.clock, world.random, 0) {}

Telemetry::Telemetry(World& world, Metrics& metrics, std::unique_ptr<OtlpSender> sender, TelemetryOptions options)
    : tracer_(world.clock, world.random, options.sampling_ratio), sender_(std::move(sender)) {
  exporter_.emplace(world, *sender_, tracer_, metrics, std::move(options.exporter));
}

Span Telemetry::start_span(const Call& call, std::string name, SpanKind kind) {
  return is_on() ? tracer_.start(std::move(name), kind, context_of(call)) : Span();
}

Histogram& Telemetry::histogram(Histogram::Description description) {
  Histogram& histogram = histograms_.emplace_back(std::move(description));
  if (exporter_) exporter_->add(histogram);
  return histogram;
}

void Telemetry::begin() {
  if (exporter_) exporter_->begin();
}

Task<void> Telemetry::stop() {
  if (exporter_) co_await exporter_->stop();
}

}  // namespace outcrop::telemetry
