// Exporter: sends what the tracer and the histograms have, in the background and in batches. What a collector does not take in time is
// dropped and counted; nobody ever waits for it.
#pragma once
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "core/metrics.h"
#include "core/telemetry/otlp_json.h"
#include "core/telemetry/otlp_sender.h"
#include "core/world.h"

namespace outcrop::telemetry {

struct ExporterOptions {
  std::optional<net::Url> traces, metrics;  // where they are sent to; none: nowhere
  Source source;
  Milliseconds spans_interval = limits::spans_interval_default;
  Milliseconds metrics_interval = limits::metrics_interval_default;
  Milliseconds request_timeout = limits::request_timeout_default;
  Milliseconds retry_first = limits::retry_first;
};

class Exporter {
 public:
  // What is passed must outlive it. `metrics` says how it goes.
  Exporter(World& world, OtlpSender& sender, Tracer& tracer, Metrics& metrics, ExporterOptions options);

  // Before begin(), and never changed after.
  void add(const Histogram& histogram) { histograms_.push_back(&histogram); }

  void begin();
  // Sends what there still is, within limits::flush_timeout. On the first of the world's executors.
  Task<void> stop();

 private:
  enum class Delivery { delivered, failed };
  // What is told of one kind of requests.
  struct Signal {
    std::string_view name;
    Counter &delivered, &failed;
    bool failing = false;
  };

  Task<void> run_spans();
  Task<void> run_metrics();
  Task<void> send_spans();
  Task<void> send_metrics();
  Task<Delivery> deliver(Signal& signal, const net::Url& url, const std::string& body);
  Task<bool> attempt(Signal& signal, const net::Url& url, const std::string& body, Milliseconds& wait);
  void tell(Signal& signal, std::string_view problem);

  World& world_;
  OtlpSender& sender_;
  Tracer& tracer_;
  const ExporterOptions options_;
  const Instant began_;
  std::vector<const Histogram*> histograms_;
  Counter &spans_exported_, &spans_failed_;
  Signal traces_, metrics_;
  std::stop_source batch_is_full_;         // replaced with each wait, on the executor's thread
  std::stop_source ending_, out_of_time_;  // it is to end; it must end
  TaskGroup tasks_;
};

}  // namespace outcrop::telemetry
