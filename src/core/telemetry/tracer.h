// Spans, and the tracer that starts them and holds those that have ended until they are sent (OpenTelemetry specification, "Trace API").
//
//   telemetry::Span span = tracer.start("chat my-model", SpanKind::client, context_of(call));
//   span.set("gen_ai.request.model", model);
//   … the work; the span ends with end(), or with the object
//
// Nothing here waits, and a span that nobody wants costs nothing but its making.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "core/telemetry/attribute.h"
#include "core/telemetry/limits.h"
#include "core/telemetry/trace_context.h"

namespace outcrop::telemetry {

enum class SpanKind { internal = 1, server = 2, client = 3, producer = 4, consumer = 5 };  // numbered as OTLP does

struct SpanRecord {
  TraceContext context;  // the span's own
  std::string parent_id;
  std::string name;
  SpanKind kind = SpanKind::internal;
  int64_t start_ns = 0, end_ns = 0;  // since the epoch, in the machine's own time
  Attributes attributes;
  bool failed = false;
  std::string problem;
};

class Tracer;

class Span {
 public:
  Span() = default;  // records nothing
  Span(Span&& other) noexcept;
  Span& operator=(Span&& other) noexcept;
  ~Span() { end(); }

  bool records() const { return record_ != nullptr; }
  // Where what is done for it stands in the trace; empty when nothing is recorded.
  TraceContext context() const { return record_ ? record_->context : TraceContext(); }
  // Names are set once.
  void set(std::string_view name, AttributeValue value);
  // It ended in an error: `type` as error.type has it, low in number.
  void fail(std::string_view type, std::string_view problem);
  void end();

 private:
  friend Tracer;
  Span(Tracer& tracer, std::unique_ptr<SpanRecord> record, SteadyTime began);

  Tracer* tracer_ = nullptr;
  std::unique_ptr<SpanRecord> record_;
  SteadyTime began_;
};

class Tracer {
 public:
  // `ratio` of the traces that begin here are recorded; the others as their callers decided.
  Tracer(const Clock& clock, Random& random, double ratio, size_t waiting_max = limits::spans_waiting_max);

  // Thread-safe. The span ends before the tracer goes.
  Span start(std::string name, SpanKind kind, const TraceContext& parent = {});

  // Up to so many of those that ended, the oldest first.
  std::vector<SpanRecord> take(size_t most);
  uint64_t dropped() const;
  // `notice` is called, under a lock, whenever that many wait. Before the first span.
  void notify_at(size_t spans, std::function<void()> notice);

 private:
  friend Span;
  bool decide(const TraceContext& parent, std::string_view trace_id) const;
  std::string make_id(size_t bytes);
  void ended(SpanRecord record);

  const Clock& clock_;
  Random& random_;
  const double ratio_;
  const size_t waiting_max_;
  size_t notice_at_ = 0;
  std::function<void()> notice_;

  mutable std::mutex mutex_;
  std::deque<SpanRecord> waiting_;
  uint64_t dropped_ = 0;
};

}  // namespace outcrop::telemetry
