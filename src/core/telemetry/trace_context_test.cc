#include "core/telemetry/trace_context.h"

#include <gtest/gtest.h>

#include "core/call.h"
#include "core/testing/test_world.h"

namespace outcrop::telemetry {
namespace {

constexpr std::string_view traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr std::string_view xray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

TEST(TraceContext, IsReadFromTraceparent) {
  const TraceContext context = read_traceparent(traceparent);
  EXPECT_EQ(context, (TraceContext{"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true}));
  EXPECT_EQ(write_traceparent(context), traceparent);
  EXPECT_EQ(read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").sampled, false);
}

TEST(TraceContext, LaterVersionsMayHaveMoreBehind) {
  EXPECT_EQ(read_traceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more").span_id, "b7ad6b7169203331");
  EXPECT_EQ(read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"), TraceContext());
  EXPECT_EQ(read_traceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more"), TraceContext());
}

TEST(TraceContext, MalformedTraceparentIsNone) {
  for (const char* header :
       {"", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g"})
    EXPECT_EQ(read_traceparent(header), TraceContext()) << header;
}

TEST(TraceContext, IsReadFromXRaysHeader) {
  EXPECT_EQ(read_xray_header(xray), (TraceContext{"5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", true}));
  EXPECT_EQ(read_xray_header("Self=1-x; Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=?"),
            (TraceContext{"5759e988bd862e3fe1be46a994272793", "", std::nullopt}));
  for (const char* header : {"", ";;", "Parent=53995c3f42cd8ad8", "Root=2-5759e988-bd862e3fe1be46a994272793", "Root=1-5759e988"})
    EXPECT_EQ(read_xray_header(header), TraceContext()) << header;
}

TEST(TraceContext, OfACallIsTraceparentsWhereThereAreBoth) {
  TestWorld world;
  Call call{.world = world.world, .identity = {}, .trace_header = std::string(xray)};
  EXPECT_EQ(context_of(call).span_id, "53995c3f42cd8ad8");
  call.traceparent = traceparent;
  EXPECT_EQ(context_of(call).span_id, "b7ad6b7169203331");
}

}  // namespace
}  // namespace outcrop::telemetry
