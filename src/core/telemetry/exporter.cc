#include "core/telemetry/exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "core/timers.h"

namespace outcrop::telemetry {

namespace {

constexpr std::string_view spans_name = "outcrop_telemetry_spans_total", spans_help = "Spans, by what became of them.";
constexpr std::string_view requests_name = "outcrop_telemetry_requests_total";
constexpr std::string_view requests_help = "Requests to the collector of telemetry, by how they ended.";

struct RequestStop {
  std::stop_source source;
  void operator()() const { source.request_stop(); }
};

// OTLP specification, "Retryable Response Codes".
bool may_be_tried_again(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

// In seconds; a date, which it may be too, is not read.
Milliseconds retry_after(std::string_view field) {
  int64_t seconds = 0;
  auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), seconds);
  if (error != std::errc() || end != field.data() + field.size()) return Milliseconds(0);
  return Milliseconds(std::clamp<int64_t>(seconds, 0, limits::retry_after_max.count() / 1000) * 1000);
}

}  // namespace

Exporter::Exporter(World& world, OtlpSender& sender, Tracer& tracer, Metrics& metrics, ExporterOptions options)
    : world_(world),
      sender_(sender),
      tracer_(tracer),
      options_(std::move(options)),
      began_(world.clock.real_wall()),
      spans_exported_(metrics.counter(spans_name, spans_help, {{"outcome", "exported"}})),
      spans_failed_(metrics.counter(spans_name, spans_help, {{"outcome", "failed"}})),
      traces_{"traces", metrics.counter(requests_name, requests_help, {{"signal", "traces"}, {"outcome", "delivered"}}),
              metrics.counter(requests_name, requests_help, {{"signal", "traces"}, {"outcome", "failed"}})},
      metrics_{"metrics", metrics.counter(requests_name, requests_help, {{"signal", "metrics"}, {"outcome", "delivered"}}),
               metrics.counter(requests_name, requests_help, {{"signal", "metrics"}, {"outcome", "failed"}})} {
  metrics.counter_from(spans_name, spans_help, {{"outcome", "dropped"}}, [&tracer] { return double(tracer.dropped()); });
}

void Exporter::begin() {
  Executor& home = *world_.executors.front();
  tracer_.notify_at(limits::spans_per_request_max, [this, &home] { home.post([this] { batch_is_full_.request_stop(); }); });
  if (options_.traces) tasks_.spawn_on(home, run_spans());
  if (options_.metrics) tasks_.spawn_on(home, run_metrics());
}

Task<void> Exporter::stop() {
  ending_.request_stop();
  batch_is_full_.request_stop();
  Timer bound = Executor::current()->start_timer(world_.clock.steady() + limits::flush_timeout, RequestStop{out_of_time_});
  co_await tasks_.join();
}

// A full batch goes at once, and the rest with the interval.
Task<void> Exporter::run_spans() {
  for (bool ended = false; !ended;) {
    batch_is_full_ = {};
    if (!ending_.stop_requested()) co_await steady_until(world_.clock.steady() + options_.spans_interval, batch_is_full_.get_token());
    ended = ending_.stop_requested();
    co_await send_spans();
  }
}

Task<void> Exporter::run_metrics() {
  for (bool ended = false; !ended;) {
    co_await steady_until(world_.clock.steady() + options_.metrics_interval, ending_.get_token());
    ended = ending_.stop_requested();
    co_await send_metrics();
  }
}

Task<void> Exporter::send_spans() {
  for (;;) {
    const std::vector<SpanRecord> spans = tracer_.take(limits::spans_per_request_max);
    if (spans.empty()) co_return;
    const Delivery delivery = co_await deliver(traces_, *options_.traces, trace_request(options_.source, spans));
    (delivery == Delivery::delivered ? spans_exported_ : spans_failed_).add(spans.size());
  }
}

Task<void> Exporter::send_metrics() {
  if (std::ranges::all_of(histograms_, &Histogram::is_empty)) co_return;
  co_await deliver(metrics_, *options_.metrics, metrics_request(options_.source, histograms_, began_, world_.clock.real_wall()));
}

Task<Exporter::Delivery> Exporter::deliver(Signal& signal, const net::Url& url, const std::string& body) {
  Milliseconds pause = options_.retry_first;
  for (int tries = 1;; ++tries) {
    const bool is_last = tries == limits::tries_max || ending_.stop_requested();
    Milliseconds wait = pause;
    if (co_await attempt(signal, url, body, wait)) co_return Delivery::delivered;
    if (is_last || wait.count() < 0) break;
    const auto jitter = Milliseconds(int64_t(world_.random.unit() * double(pause.count())));
    co_await steady_until(world_.clock.steady() + wait + jitter, ending_.get_token());
    pause *= 2;
  }
  signal.failed.add();
  co_return Delivery::failed;
}

// Whether it was taken. Otherwise `wait` becomes how long to wait before it is tried again, or negative where that is of no use.
Task<bool> Exporter::attempt(Signal& signal, const net::Url& url, const std::string& body, Milliseconds& wait) {
  const SteadyTime deadline = world_.clock.steady() + options_.request_timeout;
  auto answer = co_await keep(sender_.post(url, body, deadline, out_of_time_.get_token()));
  if (!answer) {
    if (answer.error().code == "Cancelled") wait = Milliseconds(-1);
    tell(signal, answer.error().message);
    co_return false;
  }
  if (answer->status / 100 != 2) {
    wait = may_be_tried_again(answer->status) ? std::max(wait, retry_after(answer->retry_after)) : Milliseconds(-1);
    tell(signal, fmt::format("status {}", answer->status));
    co_return false;
  }
  signal.delivered.add();
  const PartialSuccess partial = read_partial_success(answer->body);
  tell(signal, partial.rejected > 0 ? fmt::format("{} refused: {}", partial.rejected, partial.reason) : "");
  co_return true;
}

// Once when it begins to fail, and once when it works again.
void Exporter::tell(Signal& signal, std::string_view problem) {
  const bool failing = !problem.empty();
  if (failing == std::exchange(signal.failing, failing)) return;
  if (failing) {
    log::warning("telemetry does not reach its collector", {{"signal", signal.name}, {"reason", problem}});
  } else {
    log::info("telemetry reaches its collector again", {{"signal", signal.name}});
  }
}

}  // namespace outcrop::telemetry
