#include "services/lambda/mapping/filter.h"

#include <gtest/gtest.h>

#include "json/writer.h"

namespace outcrop::lambda {
namespace {

bool is_wanted(std::vector<std::string> patterns, std::string_view body) {
  std::string record = R"({"messageId":"m1","eventSource":"aws:sqs","attributes":{"SenderId":"me"},)"
                       R"("messageAttributes":{"kind":{"stringValue":"order","dataType":"String"}},"body":)";
  json::append_quoted(record, body);
  record += "}";
  return MappingFilter::parse(patterns)->matches(record, body);
}

TEST(MappingFilter, WithoutPatternsEveryMessageIsWanted) { EXPECT_TRUE(is_wanted({}, "anything")); }

TEST(MappingFilter, APatternOfJsonLooksIntoTheBody) {
  const std::string pattern = R"({"body":{"price":[{"numeric":[">",10]}]}})";
  EXPECT_TRUE(is_wanted({pattern}, R"({"price":11})"));
  EXPECT_FALSE(is_wanted({pattern}, R"({"price":10})"));
  EXPECT_FALSE(is_wanted({pattern}, "price 11"));
}

TEST(MappingFilter, APatternOfTextComparesTheBody) {
  const std::string pattern = R"({"body":[{"prefix":"order"}]})";
  EXPECT_TRUE(is_wanted({pattern}, "order 17"));
  EXPECT_FALSE(is_wanted({pattern}, "refund 17"));
}

TEST(MappingFilter, APatternOfTextDoesNotWantJson) { EXPECT_FALSE(is_wanted({R"({"body":[{"exists":true}]})"}, R"({"a":1})")); }

TEST(MappingFilter, ANumberIsText) { EXPECT_TRUE(is_wanted({R"({"body":["42"]})"}, "42")); }

TEST(MappingFilter, APathWithDotsLooksIntoTheBody) { EXPECT_TRUE(is_wanted({R"({"body.kind":["order"]})"}, R"({"kind":"order"})")); }

TEST(MappingFilter, APatternWithoutBodyLooksAtTheRestOfAnyMessage) {
  const std::string pattern = R"({"messageAttributes":{"kind":{"stringValue":["order"]}}})";
  EXPECT_TRUE(is_wanted({pattern}, "text"));
  EXPECT_TRUE(is_wanted({pattern}, R"({"json":true})"));
  EXPECT_FALSE(is_wanted({R"({"attributes":{"SenderId":["you"]}})"}, "text"));
}

TEST(MappingFilter, OneOfSeveralPatternsIsEnough) {
  const std::vector<std::string> patterns = {R"({"body":["text"]})", R"({"body":{"a":[1]}})"};
  EXPECT_TRUE(is_wanted(patterns, "text"));
  EXPECT_TRUE(is_wanted(patterns, R"({"a":1})"));
  EXPECT_FALSE(is_wanted(patterns, R"({"a":2})"));
}

TEST(MappingFilter, AlternativesOfOneFieldMayBeTextOrJson) {
  const std::string pattern = R"({"$or":[{"body":["text"]},{"body":{"a":[1]}}]})";
  EXPECT_TRUE(is_wanted({pattern}, "text"));
  EXPECT_TRUE(is_wanted({pattern}, R"({"a":1})"));
}

TEST(MappingFilter, WhatIsNoPatternIsRefusedInAwsWords) {
  for (const char* pattern :
       {"", "single-string", R"({"eventSource":"aws:sqs"})", R"({"eventSource":[]})", R"([{"eventName":["INSERT"=123}])"}) {
    const auto parsed = MappingFilter::parse(std::vector<std::string>{pattern});
    ASSERT_FALSE(parsed) << pattern;
    EXPECT_EQ(parsed.error().code, "InvalidParameterValueException");
    EXPECT_EQ(parsed.error().message, "Invalid filter pattern definition.");
  }
}

}  // namespace
}  // namespace outcrop::lambda
