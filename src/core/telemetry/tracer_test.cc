#include "core/telemetry/tracer.h"

#include <gtest/gtest.h>

#include "core/testing/test_world.h"

namespace outcrop::telemetry {
namespace {

class TracerTest : public ::testing::Test {
 protected:
  TestWorld world;
  Tracer tracer{world.clock, world.random, 1};
};

TEST_F(TracerTest, ASpanIsTakenOnceItHasEnded) {
  Span span = tracer.start("chat", SpanKind::client);
  span.set("gen_ai.request.model", "nova");
  EXPECT_TRUE(tracer.take(10).empty());
  span.end();
  const std::vector<SpanRecord> spans = tracer.take(10);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].name, "chat");
  EXPECT_EQ(spans[0].context.trace_id.size(), 32u);
  EXPECT_EQ(spans[0].context.span_id.size(), 16u);
  EXPECT_EQ(spans[0].parent_id, "");
  EXPECT_EQ(spans[0].attributes, (Attributes{{"gen_ai.request.model", "nova"}}));
  EXPECT_LE(spans[0].start_ns, spans[0].end_ns);
  EXPECT_TRUE(tracer.take(10).empty());
}

TEST_F(TracerTest, ASpanEndsWithItsObjectOnceWhereverItWasMoved) {
  {
    Span first = tracer.start("first", SpanKind::internal);
    Span second = std::move(first);
    first = tracer.start("other", SpanKind::internal);
  }
  EXPECT_EQ(tracer.take(10).size(), 2u);
}

TEST_F(TracerTest, ASpanStandsUnderItsCallersInTheSameTrace) {
  const TraceContext caller{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  tracer.start("chat", SpanKind::client, caller);
  const SpanRecord span = tracer.take(1).at(0);
  EXPECT_EQ(span.context.trace_id, caller.trace_id);
  EXPECT_EQ(span.parent_id, caller.span_id);
  EXPECT_NE(span.context.span_id, caller.span_id);
}

TEST_F(TracerTest, AFailureHasItsTypeAndItsProblem) {
  tracer.start("chat", SpanKind::client).fail("ThrottlingException", "Too many requests.");
  const SpanRecord span = tracer.take(1).at(0);
  EXPECT_TRUE(span.failed);
  EXPECT_EQ(span.problem, "Too many requests.");
  EXPECT_EQ(span.attributes, (Attributes{{"error.type", "ThrottlingException"}}));
}

TEST_F(TracerTest, TheCallersDecisionCounts) {
  Tracer none(world.clock, world.random, 0);
  const TraceContext sampled{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  const TraceContext unsampled{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", false};
  EXPECT_FALSE(tracer.start("chat", SpanKind::client, unsampled).records());
  EXPECT_TRUE(none.start("chat", SpanKind::client, sampled).records());
  EXPECT_FALSE(none.start("chat", SpanKind::client).records());
}

TEST_F(TracerTest, ARatioOfNewTracesIsRecorded) {
  Tracer quarter(world.clock, world.random, 0.25);
  int recorded = 0;
  for (int i = 0; i < 1000; ++i) recorded += quarter.start("chat", SpanKind::client).records();
  EXPECT_GT(recorded, 180);
  EXPECT_LT(recorded, 320);
}

TEST_F(TracerTest, WhatFindsNoRoomIsDroppedAndCounted) {
  Tracer small(world.clock, world.random, 1, 2);
  for (int i = 0; i < 5; ++i) small.start("chat", SpanKind::client);
  EXPECT_EQ(small.take(10).size(), 2u);
  EXPECT_EQ(small.dropped(), 3u);
}

TEST_F(TracerTest, SaysWhenABatchIsFull) {
  int notices = 0;
  tracer.notify_at(2, [&] { ++notices; });
  tracer.start("a", SpanKind::client);
  EXPECT_EQ(notices, 0);
  tracer.start("b", SpanKind::client);
  EXPECT_EQ(notices, 1);
}

TEST_F(TracerTest, AttributesAreBoundedInNumberAndLength) {
  Span span = tracer.start("chat", SpanKind::client);
  span.set("long", std::string(10'000, 'x'));
  for (int i = 0; i < 500; ++i) span.set("more", int64_t(i));
  span.end();
  const SpanRecord record = tracer.take(1).at(0);
  EXPECT_EQ(record.attributes.size(), limits::attributes_per_span_max);
  EXPECT_EQ(std::get<std::string>(record.attributes[0].value).size(), limits::attribute_bytes_max);
}

}  // namespace
}  // namespace outcrop::telemetry
