#include "core/telemetry/tracer.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace outcrop::telemetry {

namespace {

void cut(AttributeValue& value) {
  if (auto* text = std::get_if<std::string>(&value); text && text->size() > limits::attribute_bytes_max) {
    text->resize(limits::attribute_bytes_max);
  }
}

}  // namespace

Span::Span(Tracer& tracer, std::unique_ptr<SpanRecord> record, SteadyTime began)
    : tracer_(&tracer), record_(std::move(record)), began_(began) {}

Span::Span(Span&& other) noexcept
    : tracer_(std::exchange(other.tracer_, nullptr)), record_(std::move(other.record_)), began_(other.began_) {}

Span& Span::operator=(Span&& other) noexcept {
  end();
  tracer_ = std::exchange(other.tracer_, nullptr);
  record_ = std::move(other.record_);
  began_ = other.began_;
  return *this;
}

void Span::set(std::string_view name, AttributeValue value) {
  if (!record_ || record_->attributes.size() >= limits::attributes_per_span_max) return;
  cut(value);
  record_->attributes.push_back({std::string(name), std::move(value)});
}

void Span::fail(std::string_view type, std::string_view problem) {
  if (!record_) return;
  set("error.type", std::string(type));
  record_->failed = true;
  record_->problem = problem.substr(0, limits::attribute_bytes_max);
}

void Span::end() {
  if (!record_) return;
  const std::unique_ptr<SpanRecord> record = std::move(record_);
  record->end_ns = record->start_ns + std::chrono::nanoseconds(tracer_->clock_.steady() - began_).count();
  tracer_->ended(std::move(*record));
}

Tracer::Tracer(const Clock& clock, Random& random, double ratio, size_t waiting_max)
    : clock_(clock), random_(random), ratio_(ratio), waiting_max_(waiting_max) {}

Span Tracer::start(std::string name, SpanKind kind, const TraceContext& parent) {
  std::string trace_id = parent.trace_id.empty() ? make_id(16) : parent.trace_id;
  if (!decide(parent, trace_id)) return {};
  auto record = std::make_unique<SpanRecord>();
  record->context = {.trace_id = std::move(trace_id), .span_id = make_id(8), .sampled = true};
  record->parent_id = parent.span_id;
  record->name = std::move(name);
  record->kind = kind;
  record->start_ns = std::chrono::nanoseconds(clock_.real_wall().time_since_epoch()).count();
  return Span(*this, std::move(record), clock_.steady());
}

// By the trace's id, so that all who take part in it with the same ratio decide alike (OpenTelemetry specification, "TraceIdRatioBased").
bool Tracer::decide(const TraceContext& parent, std::string_view trace_id) const {
  if (parent.sampled) return *parent.sampled;
  uint64_t low = 0;
  std::from_chars(trace_id.data() + 16, trace_id.data() + 32, low, 16);
  constexpr double all = 18446744073709551616.0;  // 2^64
  return double(low) < ratio_ * all;
}

// Never all zero, which would be no id.
std::string Tracer::make_id(size_t bytes) {
  std::string id(bytes, '\0');
  while (id.find_first_not_of('\0') == std::string::npos) random_.fill(std::as_writable_bytes(std::span(id)));
  return hex(id);
}

void Tracer::ended(SpanRecord record) {
  std::lock_guard lock(mutex_);
  if (waiting_.size() >= waiting_max_) {
    ++dropped_;
    return;
  }
  waiting_.push_back(std::move(record));
  if (notice_ && waiting_.size() == notice_at_) notice_();
}

std::vector<SpanRecord> Tracer::take(size_t most) {
  std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + std::ptrdiff_t(std::min(most, waiting_.size()));
  std::vector<SpanRecord> taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return taken;
}

uint64_t Tracer::dropped() const {
  std::lock_guard lock(mutex_);
  return dropped_;
}

void Tracer::notify_at(size_t spans, std::function<void()> notice) {
  notice_at_ = spans;
  notice_ = std::move(notice);
}

}  // namespace outcrop::telemetry
