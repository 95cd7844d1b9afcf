#include "services/lambda/invoke/payload_check.h"

#include <gtest/gtest.h>

namespace outcrop::lambda {
namespace {

// The first line of what is wrong, and where.
std::string first_line(std::string_view payload) {
  const std::string problem = json_problem(payload).value_or("");
  return problem.substr(0, problem.find('\n'));
}

std::string place(std::string_view payload) {
  const std::string problem = json_problem(payload).value_or("");
  return problem.substr(problem.find("line: "));
}

TEST(PayloadCheck, EveryJsonValueIsAPayload) {
  for (const char* payload : {"{}", "[1, 2]", "\"text\"", "17", "null", "true", " {\"a\": {\"b\": [\"\\u00e9\"]}}\n"})
    EXPECT_EQ(json_problem(payload), std::nullopt) << payload;
}

TEST(PayloadCheck, ABareWordIsAnUnrecognizedToken) {
  EXPECT_EQ(first_line("hello world"),
            "Unrecognized token 'hello': was expecting (JSON String, Number, Array, Object or token 'null', "
            "'true' or 'false')");
  EXPECT_EQ(place("hello world"), "line: 1, column: 7]");
  EXPECT_EQ(place("so"), "line: 1, column: 3]");
}

TEST(PayloadCheck, BytesThatAreNoTextAreWordedAsAwsDoes) {
  EXPECT_EQ(
      json_problem("\x99\xeb,j\x07"),
      "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' "
      "or 'false')\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1]");
}

TEST(PayloadCheck, WhatIsWrongInAnObjectSaysWhatWasExpected) {
  EXPECT_EQ(first_line("{message: 1}"), "Unexpected character ('m' (code 109)): was expecting double-quote to start field name");
  EXPECT_EQ(first_line("{\"a\" 1}"), "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value");
  EXPECT_EQ(first_line("{\"a\": 1 \"b\": 2}"), "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries");
  EXPECT_EQ(first_line("{\"a\": }"), "Unexpected character ('}' (code 125)): expected a value");
  EXPECT_EQ(first_line("{\"a\": 'b'}"),
            "Unexpected character (''' (code 39)): expected a valid value (JSON String, Number, Array, Object or "
            "token 'null', 'true' or 'false')");
}

TEST(PayloadCheck, MoreThanOneValueIsRefused) {
  EXPECT_EQ(first_line("0D"), "Unexpected character ('D' (code 68)): Expected space separating root-level values");
}

TEST(PayloadCheck, APayloadThatEndsEarlySaysSo) {
  EXPECT_EQ(first_line("{\"a\": \"b"), "Unexpected end-of-input: was expecting closing quote for a string value");
  EXPECT_EQ(first_line("{\"a\":"), "Unexpected end-of-input within/between Object entries");
  EXPECT_EQ(first_line(" "), "No content to map due to end-of-input");
}

TEST(PayloadCheck, HalvesOfSurrogatePairsPass) {
  EXPECT_EQ(json_problem(R"({"cut": "\ud83d", "other": "\uDE00 \ud83d\ude00"})"), std::nullopt);
  EXPECT_NE(json_problem(R"({"cut": "\ud83d")"), std::nullopt);
}

}  // namespace
}  // namespace outcrop::lambda
