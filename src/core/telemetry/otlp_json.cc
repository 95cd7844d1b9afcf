#include "core/telemetry/otlp_json.h"

#include <fmt/format.h>

#include <charconv>

#include "json/writer.h"

namespace outcrop::telemetry {

namespace {

constexpr std::string_view scope_name = "outcrop";
constexpr int status_error = 2, cumulative = 2;

void write_integer(json::Writer& out, std::string_view name, auto number) { out.name(name), out.string(fmt::to_string(number)); }

// OTLP's AnyValue.
struct WriteValue {
  json::Writer& out;

  void operator()(const std::string& text) const { out.name("stringValue"), out.string(text); }
  void operator()(bool truth) const { out.name("boolValue"), out.boolean(truth); }
  void operator()(int64_t number) const { write_integer(out, "intValue", number); }
  void operator()(double number) const { out.name("doubleValue"), out.number(number); }
  void operator()(const std::vector<std::string>& texts) const {
    out.name("arrayValue"), out.begin_object();
    out.name("values"), out.begin_array();
    for (const std::string& text : texts) {
      out.begin_object();
      (*this)(text);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
};

void write_attributes(json::Writer& out, const Attributes& attributes) {
  out.begin_array();
  for (const Attribute& attribute : attributes) {
    out.begin_object();
    out.name("key"), out.string(attribute.name);
    out.name("value"), out.begin_object();
    std::visit(WriteValue{out}, attribute.value);
    out.end_object();
    out.end_object();
  }
  out.end_array();
}

// {RESOURCES: [{resource, SCOPES: [{scope, ITEMS: [… write_items …]}]}]}
struct Names {
  std::string_view resources, scopes, items;
};

template <class F>
std::string request(const Source& source, const Names& names, F write_items) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.name(names.resources), out.begin_array();
  out.begin_object();
  out.name("resource"), out.begin_object();
  out.name("attributes"), write_attributes(out, source.resource);
  out.end_object();
  out.name(names.scopes), out.begin_array();
  out.begin_object();
  out.name("scope"), out.begin_object();
  out.name("name"), out.string(scope_name);
  out.name("version"), out.string(source.version);
  out.end_object();
  out.name(names.items), out.begin_array();
  write_items(out);
  out.end_array();
  out.end_object();
  out.end_array();
  out.end_object();
  out.end_array();
  out.end_object();
  return text;
}

void write_span(json::Writer& out, const SpanRecord& span) {
  out.begin_object();
  out.name("traceId"), out.string(span.context.trace_id);
  out.name("spanId"), out.string(span.context.span_id);
  if (!span.parent_id.empty()) out.name("parentSpanId"), out.string(span.parent_id);
  out.name("flags"), out.number(1);  // sampled
  out.name("name"), out.string(span.name);
  out.name("kind"), out.number(int(span.kind));
  write_integer(out, "startTimeUnixNano", span.start_ns);
  write_integer(out, "endTimeUnixNano", span.end_ns);
  out.name("attributes"), write_attributes(out, span.attributes);
  out.name("status"), out.begin_object();
  if (span.failed) {
    out.name("code"), out.number(status_error);
    out.name("message"), out.string(span.problem);
  }
  out.end_object();
  out.end_object();
}

int64_t nanoseconds(Instant at) { return std::chrono::nanoseconds(at.time_since_epoch()).count(); }

void write_point(json::Writer& out, const Histogram::Point& point, const std::vector<double>& bounds, Instant began, Instant now) {
  out.begin_object();
  out.name("attributes"), write_attributes(out, point.attributes);
  write_integer(out, "startTimeUnixNano", nanoseconds(began));
  write_integer(out, "timeUnixNano", nanoseconds(now));
  write_integer(out, "count", point.count);
  out.name("sum"), out.number(point.sum);
  out.name("min"), out.number(point.min);
  out.name("max"), out.number(point.max);
  out.name("bucketCounts"), out.begin_array();
  for (uint64_t count : point.counts) out.string(fmt::to_string(count));
  out.end_array();
  out.name("explicitBounds"), out.begin_array();
  for (double bound : bounds) out.number(bound);
  out.end_array();
  out.end_object();
}

void write_histogram(json::Writer& out, const Histogram& histogram, Instant began, Instant now) {
  const Histogram::Description& description = histogram.description();
  const std::vector<Histogram::Point> points = histogram.points();
  if (points.empty()) return;
  out.begin_object();
  out.name("name"), out.string(description.name);
  out.name("description"), out.string(description.description);
  out.name("unit"), out.string(description.unit);
  out.name("histogram"), out.begin_object();
  out.name("aggregationTemporality"), out.number(cumulative);
  out.name("dataPoints"), out.begin_array();
  for (const Histogram::Point& point : points) write_point(out, point, description.bounds, began, now);
  out.end_array();
  out.end_object();
  out.end_object();
}

int64_t integer_in(const json::Value* value) {
  if (!value || !value->is_string()) return value ? value->as_int64().value_or(0) : 0;
  int64_t number = 0;
  const std::string_view text = value->as_string();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string trace_request(const Source& source, std::span<const SpanRecord> spans) {
  return request(source, {"resourceSpans", "scopeSpans", "spans"}, [&](json::Writer& out) {
    for (const SpanRecord& span : spans) write_span(out, span);
  });
}

std::string metrics_request(const Source& source, std::span<const Histogram* const> histograms, Instant began, Instant now) {
  return request(source, {"resourceMetrics", "scopeMetrics", "metrics"}, [&](json::Writer& out) {
    for (const Histogram* histogram : histograms) write_histogram(out, *histogram, began, now);
  });
}

PartialSuccess read_partial_success(std::string_view answer) {
  const auto body = json::parse(answer);
  const json::Value* partial = body ? body->find("partialSuccess") : nullptr;
  if (!partial) return {};
  PartialSuccess success;
  for (const char* name : {"rejectedSpans", "rejectedDataPoints"}) success.rejected += integer_in(partial->find(name));
  const json::Value* message = partial->find("errorMessage");
  if (message && message->is_string()) success.reason = message->as_string();
  return success;
}

std::string attributes_json(const Attributes& attributes) {
  std::string text;
  json::Writer out(text);
  write_attributes(out, attributes);
  return text;
}

}  // namespace outcrop::telemetry
