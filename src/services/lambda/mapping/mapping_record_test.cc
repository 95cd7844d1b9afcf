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
  EXPECT_EQ(hex(wire::encode_record(record)), "");
  EXPECT_EQ(wire::decode_record<MappingRecord>(wire::encode_record(record)).value(), record);
}

}  // namespace
}  // namespace outcrop::lambda
