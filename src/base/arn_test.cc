#include "base/arn.h"

#include <gtest/gtest.h>

namespace outcrop {
namespace {

TEST(Arn, HasSixPartsOfWhichTheLastMayHoldColons) {
  auto arn = parse_arn("arn:aws:lambda:us-east-1:111122223333:function:name:7");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "lambda");
  EXPECT_EQ(arn->region, "us-east-1");
  EXPECT_EQ(arn->account, "111122223333");
  EXPECT_EQ(arn->resource, "function:name:7");
}

TEST(Arn, PartsMayBeEmpty) {
  auto arn = parse_arn("arn:aws:s3:::bucket/key");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->region, "");
  EXPECT_EQ(arn->account, "");
  EXPECT_EQ(arn->resource, "bucket/key");
}

TEST(Arn, AnythingElseIsNone) {
  for (std::string_view text : {"", "arn", "arn:aws:sqs:us-east-1:1", "urn:aws:sqs:us-east-1:1:q", ":aws:sqs:us-east-1:1:q"}) {
    EXPECT_FALSE(parse_arn(text)) << text;
  }
}

}  // namespace
}  // namespace outcrop
