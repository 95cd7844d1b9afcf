// What lies on disk of event source mappings stays readable: their bytes as released.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "gen/records/lambda.h"
#include "wire/record.h"

namespace outcrop::lambda {
namespace {

TEST(MappingRecord, HasTheseBytes) {
  MappingRecord record;
  record.source_arn = "arn:aws:sqs:us-east-1:000000000000:orders";
  record.function_name = "handle";
  record.qualifier = "live";
  record.is_enabled = true;
  record.batch_size = 100;
  record.window_seconds = 5;
  record.filter_patterns = {R"({"body":["x"]})"};
  record.maximum_concurrency = 7;
  record.reports_item_failures = true;
  record.modified_at = instant_from_ms(1'800'000'000'000);
  record.tags = {{"team", "sales"}};
  EXPECT_EQ(hex(wire::encode_record(record)),
            "01062961726e3a6177733a7371733a75732d656173742d313a3030303030303030303030303a6f72646572730a0668616e646c650e046c697665100214c801"
            "180a1e10010e7b22626f6479223a5b2278225d7d200e24022880c0e285e3682e0c01047465616d0573616c6573");
  EXPECT_EQ(wire::decode_record<MappingRecord>(wire::encode_record(record)).value(), record);
}

}  // namespace
}  // namespace outcrop::lambda
