#include "json/writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace outcrop::json {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out;
  Writer writer(out);
  writer.begin_object();
  writer.name("a");
  writer.begin_array();
  writer.number(1);
  writer.begin_object();
  writer.end_object();
  writer.null();
  writer.end_array();
  writer.name("b");
  writer.boolean(true);
  writer.name("c");
  writer.value(Value(Array{Value(1), Value("x")}));
  writer.end_object();
  EXPECT_EQ(out, R"({"a":[1,{},null],"b":true,"c":[1,"x"]})");
}

TEST(JsonWriter, EscapesWhatMustBeAndLeavesUtf8) {
  EXPECT_EQ(quoted("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f é😀"), "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f é😀\"");
  EXPECT_EQ(quoted(""), "\"\"");
}

TEST(JsonWriter, NoTextAtAllIsAnEmptyOne) { EXPECT_EQ(write(Value(std::string_view())), R"("")"); }

// Text is looked at in steps of several sizes: whatever needs care is found at each place of each of them.
TEST(JsonWriter, WhatNeedsCareIsFoundWhereverItStands) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\"", "\\\""}, {"\\", "\\\\"}, {"\x1f", "\\u001f"}, {"\xc3\xa9", "\xc3\xa9"}, {"\xff", "\xef\xbf\xbd"}};
  for (size_t before = 0; before < 100; ++before) {
    for (const size_t after : {0, 1, 15, 16, 17, 63, 64, 65}) {
      for (const auto& [text, written] : cases) {
        const std::string head(before, 'a'), tail(after, 'z');
        EXPECT_EQ(write(Value(head + text + tail)), "\"" + head + written + tail + "\"") << before << " before, " << after << " after";
      }
    }
  }
}

TEST(JsonWriter, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(quoted("a\xff\xc3\xa9\xc3"), "\"a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\"");
}

TEST(JsonWriter, DoublesAreShortestAndNonFiniteOnesAreAwssStrings) {
  auto number = [](auto value) {
    std::string out;
    Writer(out).number(value);
    return out;
  };
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(0.1f), "0.1");
  EXPECT_EQ(number(100.0), "100");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(5e-324), "5e-324");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "\"NaN\"");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "\"Infinity\"");
  EXPECT_EQ(number(-std::numeric_limits<float>::infinity()), "\"-Infinity\"");
  EXPECT_EQ(number(INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(number(UINT64_MAX), "18446744073709551615");
}

TEST(JsonWriter, EpochSecondsKeepTheirMilliseconds) {
  auto seconds = [](int64_t ms) {
    std::string out;
    Writer(out).epoch_seconds(ms);
    return out;
  };
  EXPECT_EQ(seconds(1700000000123), "1700000000.123");
  EXPECT_EQ(seconds(1700000000100), "1700000000.1");
  EXPECT_EQ(seconds(1700000000000), "1700000000");
  EXPECT_EQ(seconds(7), "0.007");
  EXPECT_EQ(seconds(-1500), "-1.5");
}

}  // namespace
}  // namespace outcrop::json
