#include "core/telemetry/otlp_json.h"

#include <gtest/gtest.h>

namespace outcrop::telemetry {
namespace {

const Source source{{{"service.name", "outcrop"}}, "1.2.3"};

void expect_json(std::string_view actual, std::string_view expected) { EXPECT_EQ(*json::parse(actual), *json::parse(expected)) << actual; }

TEST(OtlpJson, ASpanHasItsIdsInHexAndItsTimesAsTexts) {
  SpanRecord span{
      .context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true},
      .parent_id = "53995c3f42cd8ad8",
      .name = "chat nova",
      .kind = SpanKind::client,
      .start_ns = 1'800'000'000'000'000'001,
      .end_ns = 1'800'000'000'000'000'009,
      .attributes = {{"text", "a"}, {"truth", true}, {"count", int64_t(5)}, {"ratio", 0.5}, {"list", std::vector<std::string>{"b"}}}};
  expect_json(trace_request(source, std::span(&span, 1)), R"({"resourceSpans":[{
    "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"outcrop"}}]},
    "scopeSpans":[{"scope":{"name":"outcrop","version":"1.2.3"},"spans":[{
      "traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","parentSpanId":"53995c3f42cd8ad8","flags":1,
      "name":"chat nova","kind":3,"startTimeUnixNano":"1800000000000000001","endTimeUnixNano":"1800000000000000009",
      "attributes":[{"key":"text","value":{"stringValue":"a"}},{"key":"truth","value":{"boolValue":true}},
        {"key":"count","value":{"intValue":"5"}},{"key":"ratio","value":{"doubleValue":0.5}},
        {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"b"}]}}}],
      "status":{}}]}]}]})");
}

TEST(OtlpJson, AFailedSpanSaysWhy) {
  const SpanRecord span{.context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true}, .failed = true, .problem = "No."};
  const json::Value request = *json::parse(trace_request(source, std::span(&span, 1)));
  const json::Value& resource = request.find("resourceSpans")->as_array()[0];
  const json::Value& written = resource.find("scopeSpans")->as_array()[0].find("spans")->as_array()[0];
  EXPECT_EQ(json::write(*written.find("status")), R"({"code":2,"message":"No."})");
  EXPECT_EQ(written.find("parentSpanId"), nullptr);
}

TEST(OtlpJson, AHistogramIsCumulativeInBucketsWhoseBoundsAreInclusive) {
  Histogram histogram({"tokens", "How many.", "{token}", {1, 4}});
  for (double value : {1.0, 2.0, 9.0}) histogram.record(value, {{"type", "input"}});
  const Histogram* all[] = {&histogram};
  expect_json(metrics_request(source, all, instant_from_ms(1), instant_from_ms(2)), R"({"resourceMetrics":[{
    "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"outcrop"}}]},
    "scopeMetrics":[{"scope":{"name":"outcrop","version":"1.2.3"},"metrics":[{
      "name":"tokens","description":"How many.","unit":"{token}","histogram":{"aggregationTemporality":2,"dataPoints":[{
        "attributes":[{"key":"type","value":{"stringValue":"input"}}],"startTimeUnixNano":"1000000","timeUnixNano":"2000000",
        "count":"3","sum":12,"min":1,"max":9,"bucketCounts":["1","1","1"],"explicitBounds":[1,4]}]}}]}]}]})");
}

TEST(OtlpJson, MoreSeriesThanTheLimitAreAddedUpInOne) {
  Histogram histogram({"tokens", "", "1", {1}});
  for (size_t i = 0; i < limits::series_per_metric_max + 10; ++i) histogram.record(1, {{"model", std::to_string(i)}});
  const std::vector<Histogram::Point> points = histogram.points();
  EXPECT_EQ(points.size(), limits::series_per_metric_max);
  uint64_t overflowed = 0;
  for (const Histogram::Point& point : points) {
    if (point.attributes == Attributes{{"otel.metric.overflow", true}}) overflowed = point.count;
  }
  EXPECT_EQ(overflowed, 11u);
}

TEST(OtlpJson, APartialSuccessIsRead) {
  const PartialSuccess partial = read_partial_success(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})");
  EXPECT_EQ(partial.rejected, 3);
  EXPECT_EQ(partial.reason, "too old");
  EXPECT_EQ(read_partial_success(R"({"partialSuccess":{"rejectedDataPoints":2}})").rejected, 2);
  for (const char* answer : {"", "{}", "[]", "<html>", R"({"partialSuccess":null})", R"({"partialSuccess":{"rejectedSpans":{}}})"})
    EXPECT_EQ(read_partial_success(answer).rejected, 0) << answer;
}

}  // namespace
}  // namespace outcrop::telemetry
