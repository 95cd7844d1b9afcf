#include "inference/response_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::inference {
namespace {

TEST(ResponseFields, KeepTheirPlacesInTheBody) {
  ResponseFields fields({"/stop_sequence", "/usage/output_tokens", "/nothing"});
  fields.take(R"({"stop_sequence":"END","usage":{"input_tokens":3,"output_tokens":4}})");
  EXPECT_EQ(json::write(fields.finish()), R"({"stop_sequence":"END","usage":{"output_tokens":4}})");
}

TEST(ResponseFields, ALaterPartCountsUnlessItHasNull) {
  ResponseFields fields({"/choices/0/finish_reason", "/usage"});
  fields.take(R"({"choices":[{"finish_reason":null}],"usage":null})");
  fields.take(R"({"choices":[{"finish_reason":"stop"}],"usage":null})");
  fields.take(R"({"choices":[],"usage":{"total_tokens":5}})");
  EXPECT_EQ(json::write(fields.finish()), R"({"choices":[{"finish_reason":"stop"}],"usage":{"total_tokens":5}})");
}

TEST(ResponseFields, WhatWasFoundIsNotReplacedByWhatIsMissing) {
  ResponseFields fields({"/id", "/model"});
  fields.begin_with(*json::parse(R"({"id":"a"})"));
  fields.add_missing(R"({"id":"b","model":"m"})");
  EXPECT_EQ(json::write(fields.finish()), R"({"id":"a","model":"m"})");
}

TEST(ResponseFields, NothingFoundIsNull) {
  ResponseFields fields({"/id"});
  fields.take("no JSON");
  fields.add_missing("{}");
  EXPECT_TRUE(fields.finish().is_null());
}

TEST(ResponseFields, WhatIsNoPointerIsRefusedByItsPlace) {
  EXPECT_TRUE(check_response_field_paths({"/a", "/a~1b/0"}));
  for (const char* path : {"", "stop_sequence", "/a~2"}) {
    auto refused = check_response_field_paths({"/a", path});
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().code, "ValidationException");
    EXPECT_THAT(refused.error().message, ::testing::HasSubstr("additionalModelResponseFieldPaths.1 is invalid"));
  }
}

}  // namespace
}  // namespace outcrop::inference
