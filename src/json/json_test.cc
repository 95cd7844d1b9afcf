#include "json/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "json/writer.h"

namespace outcrop::json {
namespace {

Value parsed(std::string_view text) {
  auto value = parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().message());
  return value ? *std::move(value) : Value();
}

std::string problem_of(std::string_view text, ParseLimits limits = {}) {
  auto value = parse(text, limits);
  return value ? "" : value.error().problem;
}

TEST(JsonValue, IsSixteenBytes) { EXPECT_EQ(sizeof(Value), 16u); }

TEST(JsonValue, KeepsTheOrderOfMembersAndTheTextOfNumbers) {
  std::string text = R"({"z":1.50,"a":[1e2,-0,0.1E+1],"m":{"é":"😀"},"b":[true,false,null],"":{},"e":[]})";
  EXPECT_EQ(write(parsed(text)), text);
}

TEST(JsonValue, TheLastOfDuplicateMembersWinsInTheFirstOnesPlace) {
  EXPECT_EQ(write(parsed(R"({"a":1,"b":2,"a":{"c":3}})")), R"({"a":{"c":3},"b":2})");
}

TEST(JsonValue, FindsEveryMemberOfABigObjectAfterAdditionsAndErasures) {
  Object object;
  for (int i = 0; i < 1000; ++i) object.set("member-" + std::to_string(i), i);
  for (int i = 0; i < 1000; i += 3) EXPECT_TRUE(object.erase("member-" + std::to_string(i)));
  EXPECT_FALSE(object.erase("member-0"));
  for (int i = 0; i < 1000; ++i) {
    const Value* value = object.find("member-" + std::to_string(i));
    ASSERT_EQ(value != nullptr, i % 3 != 0) << i;
    if (value) {
      EXPECT_EQ(value->as_int64(), i);
    }
  }
  Object copy = object;
  copy.set("member-1", "changed");
  EXPECT_EQ(object.find("member-1")->as_int64(), 1);
  EXPECT_EQ(copy.find("member-1")->as_string(), "changed");
}

TEST(JsonValue, IntegersAreExactOrNone) {
  EXPECT_EQ(parsed("9223372036854775807").as_int64(), INT64_MAX);
  EXPECT_EQ(parsed("-9223372036854775808").as_int64(), INT64_MIN);
  EXPECT_EQ(parsed("9223372036854775808").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("-9223372036854775809").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("18446744073709551615").as_uint64(), UINT64_MAX);
  EXPECT_EQ(parsed("18446744073709551616").as_uint64(), std::nullopt);
  EXPECT_EQ(parsed("-1").as_uint64(), std::nullopt);
  EXPECT_EQ(parsed("-0").as_uint64(), 0u);
  EXPECT_EQ(parsed("1.0").as_int64(), 1);
  EXPECT_EQ(parsed("1.5").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("1.25e2").as_int64(), 125);
  EXPECT_EQ(parsed("12500e-2").as_int64(), 125);
  EXPECT_EQ(parsed("12500e-3").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("100000000000000000000000000000e-20").as_int64(), 1000000000);
  EXPECT_EQ(parsed("1e19").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("1e19").as_uint64(), 10000000000000000000u);
  EXPECT_EQ(parsed("1e99999999999999999999").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("1e-99999999999999999999").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("0e99999999999999999999").as_int64(), 0);
  EXPECT_EQ(Value("1").as_int64(), std::nullopt);
}

TEST(JsonValue, DoublesAreNearestOrNone) {
  EXPECT_EQ(parsed("0.1").as_double(), 0.1);
  EXPECT_EQ(parsed("1e308").as_double(), 1e308);
  EXPECT_EQ(parsed("1e309").as_double(), std::nullopt);
  EXPECT_EQ(parsed("1e-400").as_double(), 0.0);
  EXPECT_TRUE(Value(std::numeric_limits<double>::quiet_NaN()).is_null());
}

TEST(JsonValue, NumbersAreEqualWhenTheyAreWorthTheSame) {
  EXPECT_EQ(parsed("1.0"), parsed("1"));
  EXPECT_EQ(parsed("1e2"), parsed("100"));
  EXPECT_EQ(parsed("0.5"), parsed("5e-1"));
  EXPECT_NE(parsed("9007199254740993"), parsed("9007199254740992"));
  EXPECT_NE(parsed("1"), parsed("\"1\""));
  EXPECT_EQ(parsed(R"({"a":1,"b":[2]})"), parsed(R"({"b":[2.0],"a":1})"));
  EXPECT_NE(parsed(R"({"a":1})"), parsed(R"({"a":1,"b":null})"));
}

TEST(JsonValue, APartOfAValueCanReplaceTheWhole) {
  Value value = parsed(R"({"inner":{"text":"longer than fourteen bytes"}})");
  value = std::move(*value.find("inner"));
  EXPECT_EQ(write(value), R"({"text":"longer than fourteen bytes"})");
  const Value& text = *value.find("text");
  value = text;
  EXPECT_EQ(value, Value("longer than fourteen bytes"));
}

TEST(JsonValue, AMovedValueIsNull) {
  Value from = parsed("[1,2]");
  Value to = std::move(from);
  EXPECT_TRUE(from.is_null());
  EXPECT_EQ(to.as_array().size(), 2u);
}

TEST(JsonValue, DepthCostsNoStackWhenItEnds) {
  Value value;
  for (int i = 0; i < 2'000'000; ++i) {
    Array around;
    around.push_back(std::move(value));
    value = Value(std::move(around));
  }
  value = nullptr;
  EXPECT_TRUE(value.is_null());
}

TEST(JsonParse, ErrorsSayWhere) {
  auto value = parse("{\n  \"a\": 1,\n  \"b\": 01\n}");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().message(), "line 3, column 8: a number with a leading zero");
  EXPECT_EQ(value.error().offset, 19u);
}

TEST(JsonParse, WhatTheRfcForbidsIsRefused) {
  for (const char* text : {"",
                           " ",
                           "nul",
                           "truefalse",
                           "[1,]",
                           "[,1]",
                           "{\"a\":1,}",
                           "{\"a\" 1}",
                           "{a:1}",
                           "{\"a\":}",
                           "[1 2]",
                           "1 2",
                           "[1]]",
                           "]",
                           "}",
                           "01",
                           "-",
                           "+1",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "0x1",
                           "NaN",
                           "Infinity",
                           "'a'",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\u12\"",
                           "\"\\",
                           "\"\t\"",
                           "\"a\nb\"",
                           "[1",
                           "{\"a\":1",
                           "{\"a\"",
                           "\xef\xbb\xbf{}",
                           "/*c*/1",
                           "[1}",
                           "{\"a\":1]",
                           "\f1",
                           "\"abcdefghijklmnop\n\"",
                           "\"abc\\ndefghijklmnopqrst\x01\""})
    EXPECT_NE(problem_of(text), "") << text;
}

TEST(JsonParse, NulBytesAreNoEndOfText) {
  EXPECT_EQ(problem_of(std::string_view("1\0", 2)), "text after the value");
  EXPECT_EQ(problem_of(std::string_view("\"\0\"", 3)), "a control character in a string");
}

TEST(JsonParse, InvalidUtf8IsRefused) {
  for (const char* text : {"\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"", "\"\x80\"", "\"\\n\xff\"",
                           "\"long enough for a whole block \xc3\"", "\"\xc3\\u00a9\"", "\"\xf0\x8f\xbf\xbf\"", "\"\xf4\x90\x80\x80\""})
    EXPECT_EQ(problem_of(text), "invalid UTF-8") << text;
  EXPECT_EQ(parsed("\"\xf4\x8f\xbf\xbf\\n\xc3\xa9\"").as_string(), "\xf4\x8f\xbf\xbf\n\xc3\xa9");
}

TEST(JsonParse, EscapesAreResolvedAndLoneSurrogatesRefused) {
  EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00")").as_string(), "\"\\/\b\f\n\r\tAé€😀");
  EXPECT_EQ(parsed(R"("a\u0000b")").as_string(), std::string_view("a\0b", 3));
  for (const char* text : {R"("\ud83d")", R"("\ude00")", R"("\ud83d\u0041")", R"("\ud83dx")", R"("\ud83d\ud83d")", R"("\ud83d\n")"})
    EXPECT_EQ(problem_of(text), "a lone surrogate") << text;
}

TEST(JsonParse, EscapesAreResolvedAtEveryOffsetInABlock) {
  for (size_t before = 0; before < 40; ++before) {
    for (size_t after = 0; after < 40; ++after) {
      std::string plain = std::string(before, 'x') + "\n" + std::string(after, 'y');
      EXPECT_EQ(parsed("\"" + std::string(before, 'x') + "\\n" + std::string(after, 'y') + "\"").as_string(), plain);
    }
  }
}

TEST(JsonParse, DepthIsBounded) {
  auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(problem_of(nested(depth_max)), "");
  EXPECT_EQ(problem_of(nested(depth_max + 1)), "nested too deeply");
  EXPECT_EQ(problem_of(nested(3), {.depth = 2}), "nested too deeply");
  EXPECT_EQ(problem_of(nested(100'000), {.depth = SIZE_MAX}), "nested too deeply");
}

TEST(JsonParse, TheNumberOfValuesIsBounded) {
  EXPECT_EQ(problem_of("[1,2,3]", {.values = 4}), "");
  EXPECT_EQ(problem_of("[1,2,3,4]", {.values = 4}), "too many values");
}

TEST(JsonParse, WhitespaceIsAllowedBetweenTokens) {
  EXPECT_EQ(write(parsed(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n")), R"({"a":[1,2],"b":{}})");
}

TEST(JsonWrite, PrettyTextHasOneMemberALine) {
  EXPECT_EQ(write_pretty(parsed(R"({"a":[1,{"b":null}],"c":{},"d":[]})")), R"({
  "a": [
    1,
    {
      "b": null
    }
  ],
  "c": {},
  "d": []
})");
}

// A value of any kind, of at most `depth` levels.
Value random_value(Random& random, int depth) {
  auto text = [&] {
    std::string text;
    for (uint64_t length = random.below(40); text.size() < length;) {
      constexpr std::string_view pieces[] = {"a", "\"", "\\", "\n", "é", "€", "😀", "\x01", " plain text ", "\x7f", "/"};
      text += pieces[random.below(std::size(pieces))];
    }
    return text;
  };
  switch (random.below(depth > 0 ? 9 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random.below(2) == 0;
    case 2:
      return int64_t(random.next());
    case 3:
      return std::bit_cast<double>(random.next());
    case 4:
      return random.below(1000);
    case 5:
      return text();
    case 6: {
      Array array;
      for (uint64_t i = random.below(8); i > 0; --i) array.push_back(random_value(random, depth - 1));
      return array;
    }
    default: {
      Object object;
      for (uint64_t i = random.below(40); i > 0; --i) object.set(text(), random_value(random, depth - 1));
      return object;
    }
  }
}

TEST(JsonProperty, WhatIsWrittenReadsBackEqual) {
  const char* given = std::getenv("OUTCROP_TEST_SEED");
  uint64_t seed = given ? std::strtoull(given, nullptr, 10) : SystemRandom().next();
  SCOPED_TRACE("OUTCROP_TEST_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  for (int i = 0; i < 300; ++i) {
    Value value = random_value(random, 4);
    std::string text = write(value);
    Value again = parsed(text);
    ASSERT_EQ(again, value) << text;
    ASSERT_EQ(write(again), text);
    ASSERT_EQ(parsed(write_pretty(value)), value);
    ASSERT_EQ(Value(value), value);
    if (!text.empty() && !value.is_number()) {
      EXPECT_FALSE(parse(std::string_view(text).substr(0, text.size() - 1))) << text;
    }
  }
}

}  // namespace
}  // namespace outcrop::json
