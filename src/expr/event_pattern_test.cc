#include "expr/event_pattern.h"

#include <gtest/gtest.h>

#include <thread>

#include "expr/limits.h"

namespace outcrop::expr {
namespace {

bool matches(std::string_view pattern_text, std::string_view event_text) {
  auto pattern = EventPattern::parse(pattern_text);
  EXPECT_TRUE(pattern) << pattern.error().message;
  auto event = json::parse(event_text);
  EXPECT_TRUE(event) << event_text;
  return pattern && event && pattern->matches(*event);
}

// Of a field "x".
bool accepts(std::string_view alternatives, std::string_view value) {
  return matches("{\"x\": [" + std::string(alternatives) + "]}", "{\"x\": " + std::string(value) + "}");
}

constexpr std::string_view reason_start = "Event pattern is not valid. Reason: ";

// Without AWS's start of the sentence.
std::string problem_of(std::string_view text) {
  auto pattern = EventPattern::parse(text);
  if (pattern) return "valid";
  EXPECT_EQ(pattern.error().code, "InvalidEventPatternException");
  EXPECT_EQ(pattern.error().status, 400);
  EXPECT_TRUE(pattern.error().message.starts_with(reason_start));
  return pattern.error().message.substr(reason_start.size());
}

// Nor with the place.
std::string sentence_of(std::string_view text) {
  const std::string problem = problem_of(text);
  return problem.substr(0, problem.find("\n at "));
}

TEST(EventPattern, EveryFieldMustMatchOneOfItsValues) {
  const std::string_view pattern = R"({"source": ["aws.ec2", "aws.s3"], "detail": {"state": ["running"]}})";
  EXPECT_TRUE(matches(pattern, R"({"source": "aws.s3", "detail": {"state": "running", "more": 1}, "id": "7"})"));
  EXPECT_FALSE(matches(pattern, R"({"source": "aws.s3", "detail": {"state": "stopped"}})"));
  EXPECT_FALSE(matches(pattern, R"({"source": "aws.s3"})"));
}

TEST(EventPattern, MatchesNoEventThatIsNoObject) {
  auto pattern = EventPattern::parse(R"({"x": [{"exists": false}]})");
  ASSERT_TRUE(pattern);
  EXPECT_FALSE(pattern->matches(json::Value("text")));
  EXPECT_FALSE(pattern->matches(json::Value::array()));
  EXPECT_TRUE(pattern->matches(json::Value::object()));
}

TEST(EventPattern, ValuesKeepTheirKinds) {
  EXPECT_TRUE(accepts("null", "null"));
  EXPECT_TRUE(accepts("true", "true"));
  EXPECT_FALSE(accepts("null", "\"null\""));
  EXPECT_FALSE(accepts("\"true\"", "true"));
  EXPECT_FALSE(accepts("1", "\"1\""));
  EXPECT_FALSE(accepts("\"1\"", "1"));
}

TEST(EventPattern, NamesAndValuesKeepTheirCase) {
  EXPECT_FALSE(matches(R"({"X": ["a"]})", R"({"x": "a"})"));
  EXPECT_FALSE(accepts("\"a\"", "\"A\""));
}

TEST(EventPattern, EscapedCharactersAreTheCharacters) {
  EXPECT_TRUE(accepts(R"("a\u002fb")", R"("a/b")"));
  EXPECT_TRUE(matches(R"({"a\u0062": ["x"]})", R"({"ab": "x"})"));
}

TEST(EventPattern, NumbersAreEqualByWhatTheyAreWorth) {
  EXPECT_TRUE(accepts("300", "300.0"));
  EXPECT_TRUE(accepts("300", "3.0e2"));
  EXPECT_TRUE(accepts("-0.0", "0"));
  EXPECT_FALSE(accepts("300", "300.1"));
}

TEST(EventPattern, NumbersBeyondADoubleEqualWhatIsWrittenAlike) {
  EXPECT_TRUE(accepts("9007199254740993", "9007199254740993"));
  EXPECT_FALSE(accepts("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(accepts(R"({"numeric": [">", 0]})", "9007199254740993"));
  EXPECT_TRUE(accepts(R"({"anything-but": 1})", "1e400"));
}

TEST(EventPattern, NumericComparesWithOneBoundOrTwo) {
  EXPECT_TRUE(accepts(R"({"numeric": ["=", 301.8]})", "3.018e2"));
  EXPECT_TRUE(accepts(R"({"numeric": [">", 0, "<=", 5]})", "5"));
  EXPECT_FALSE(accepts(R"({"numeric": [">", 0, "<=", 5]})", "0"));
  EXPECT_TRUE(accepts(R"({"numeric": [">=", 0, "<", 5]})", "0"));
  EXPECT_FALSE(accepts(R"({"numeric": [">=", 0, "<", 5]})", "5"));
  EXPECT_TRUE(accepts(R"({"numeric": ["<", -1e300]})", "-1.5e300"));
  EXPECT_FALSE(accepts(R"({"numeric": [">", 100]})", "\"300\""));
}

TEST(EventPattern, PrefixesAndSuffixesAreOfStrings) {
  EXPECT_TRUE(accepts(R"({"prefix": "us-"})", "\"us-east-1\""));
  EXPECT_FALSE(accepts(R"({"prefix": "us-"})", "\"eu-us-\""));
  EXPECT_TRUE(accepts(R"({"suffix": ".png"})", "\"a.png\""));
  EXPECT_FALSE(accepts(R"({"suffix": ".png"})", "\"a.png.txt\""));
  EXPECT_FALSE(accepts(R"({"prefix": "1"})", "12"));
  EXPECT_TRUE(accepts(R"({"prefix": ""})", "\"\""));
  EXPECT_FALSE(accepts(R"({"prefix": ""})", "null"));
}

TEST(EventPattern, CaseIsIgnoredOnRequest) {
  EXPECT_TRUE(accepts(R"({"equals-ignore-case": "Straße ÉTÉ"})", "\"sTRAßE été\""));
  EXPECT_FALSE(accepts(R"({"equals-ignore-case": "abc"})", "\"abcd\""));
  EXPECT_TRUE(accepts(R"({"prefix": {"equals-ignore-case": "ÄB"}})", "\"äBc\""));
  EXPECT_TRUE(accepts(R"({"suffix": {"equals-ignore-case": ".PNG"}})", "\"É.pnG\""));
  EXPECT_FALSE(accepts(R"({"suffix": {"equals-ignore-case": ".PNG"}})", "\"png\""));
  EXPECT_FALSE(accepts(R"({"equals-ignore-case": "true"})", "true"));
}

TEST(EventPattern, CaseBeyondAsciiIsUnicodes) {
  EXPECT_TRUE(accepts(R"({"equals-ignore-case": "ωЖⱥ"})", "\"ΩжȺ\""));
  EXPECT_FALSE(accepts(R"({"equals-ignore-case": "k"})", "\"\u212a\""));  // the Kelvin sign, whose lower case is k, is not k's
  EXPECT_TRUE(accepts(R"({"equals-ignore-case": "\u212a"})", "\"k\""));
}

TEST(EventPattern, AnythingButIsEveryOtherValueThatIsThere) {
  EXPECT_TRUE(accepts(R"({"anything-but": "a"})", "\"b\""));
  EXPECT_FALSE(accepts(R"({"anything-but": "a"})", "\"a\""));
  EXPECT_TRUE(accepts(R"({"anything-but": "a"})", "null"));
  EXPECT_FALSE(accepts(R"({"anything-but": ["a", "b"]})", "\"b\""));
  EXPECT_FALSE(accepts(R"({"anything-but": [1, 2]})", "2.0"));
  EXPECT_TRUE(accepts(R"({"anything-but": 2})", "\"2\""));
  EXPECT_FALSE(matches(R"({"x": [{"anything-but": "a"}]})", "{}"));
}

TEST(EventPattern, AnythingButTakesPartsCasesAndWildcards) {
  EXPECT_FALSE(accepts(R"({"anything-but": {"prefix": ["a", "b"]}})", "\"bc\""));
  EXPECT_TRUE(accepts(R"({"anything-but": {"prefix": "a"}})", "12"));
  EXPECT_FALSE(accepts(R"({"anything-but": {"suffix": "c"}})", "\"bc\""));
  EXPECT_FALSE(accepts(R"({"anything-but": {"equals-ignore-case": ["Bc", "d"]}})", "\"bC\""));
  EXPECT_FALSE(accepts(R"({"anything-but": {"wildcard": ["*/lib/*", "*/bin/*"]}})", "\"a/bin/b\""));
  EXPECT_TRUE(accepts(R"({"anything-but": {"wildcard": "*/lib/*"}})", "\"a/bin/b\""));
}

TEST(EventPattern, WildcardsStandForAnyBytes) {
  EXPECT_TRUE(accepts(R"({"wildcard": "*"})", "\"\""));
  EXPECT_TRUE(accepts(R"({"wildcard": "a*b*c"})", "\"abbbc\""));
  EXPECT_TRUE(accepts(R"({"wildcard": "a*c"})", "\"ac\""));
  EXPECT_FALSE(accepts(R"({"wildcard": "a*a"})", "\"a\""));
  EXPECT_FALSE(accepts(R"({"wildcard": "a*b*b"})", "\"ab\""));
  EXPECT_FALSE(accepts(R"({"wildcard": "a*c"})", "\"acb\""));
  EXPECT_FALSE(accepts(R"({"wildcard": "*"})", "1"));
}

TEST(EventPattern, EscapedAsterisksStandForThemselves) {
  EXPECT_TRUE(accepts(R"({"wildcard": "a\\*\\\\*"})", R"("a*\\b")"));
  EXPECT_FALSE(accepts(R"({"wildcard": "a\\*\\\\*"})", R"("ab\\b")"));
  EXPECT_TRUE(accepts(R"("*")", R"("*")"));
}

TEST(EventPattern, ExistenceIsOfValues) {
  EXPECT_TRUE(accepts(R"({"exists": true})", "null"));
  EXPECT_FALSE(accepts(R"({"exists": true})", "[]"));
  EXPECT_FALSE(accepts(R"({"exists": true})", R"({"y": 1})"));
  EXPECT_TRUE(accepts(R"({"exists": false})", R"({"y": 1})"));
  EXPECT_FALSE(accepts(R"({"exists": false})", "0"));
}

TEST(EventPattern, AFieldMayBeAbsentOrAsAsked) {
  const std::string_view pattern = R"({"a": {"b": [{"exists": false}, "x"]}})";
  EXPECT_TRUE(matches(pattern, "{}"));
  EXPECT_TRUE(matches(pattern, R"({"a": {"b": "x"}})"));
  EXPECT_FALSE(matches(pattern, R"({"a": {"b": "y"}})"));
}

TEST(EventPattern, CidrBlocksHoldAddressesOfTheirFamily) {
  EXPECT_TRUE(accepts(R"({"cidr": "10.0.0.0/24"})", "\"10.0.0.255\""));
  EXPECT_FALSE(accepts(R"({"cidr": "10.0.0.0/24"})", "\"10.0.1.0\""));
  EXPECT_TRUE(accepts(R"({"cidr": "10.0.7.0/22"})", "\"10.0.4.1\""));
  EXPECT_TRUE(accepts(R"({"cidr": "0.0.0.0/0"})", "\"255.255.255.255\""));
  EXPECT_TRUE(accepts(R"({"cidr": "2001:db8::/33"})", "\"2001:0DB8:7fff::1\""));
  EXPECT_FALSE(accepts(R"({"cidr": "2001:db8::/33"})", "\"2001:db8:8000::\""));
  EXPECT_FALSE(accepts(R"({"cidr": "::/0"})", "\"1.2.3.4\""));
  EXPECT_FALSE(accepts(R"({"cidr": "0.0.0.0/0"})", "\"1.2.3\""));
  EXPECT_FALSE(accepts(R"({"cidr": "0.0.0.0/0"})", "\"1.2.3.256\""));
}

TEST(EventPattern, AStringThatIsAnAddressMatchesItInAnySpelling) {
  EXPECT_TRUE(accepts("\"::1\"", "\"0:0:0:0:0:0:0:1\""));
  EXPECT_TRUE(accepts("\"10.0.0.1\"", "\"10.000.0.01\""));
  EXPECT_TRUE(accepts("\"10.0.0.1\"", "\"::ffff:a00:1\""));
  EXPECT_FALSE(accepts("\"10.0.0.1\"", "\"10.0.0.2\""));
  EXPECT_FALSE(accepts(R"({"exactly": "::1"})", "\"0:0:0:0:0:0:0:1\""));
}

TEST(EventPattern, OneElementOfAnArrayIsEnough) {
  EXPECT_TRUE(accepts("\"b\", \"c\"", R"(["a", "b"])"));
  EXPECT_FALSE(accepts("\"c\"", R"(["a", "b"])"));
  EXPECT_TRUE(accepts("1", "[[2, [1]], 3]"));
  EXPECT_TRUE(accepts(R"({"anything-but": "a"})", R"(["a", "b"])"));
}

TEST(EventPattern, ValuesOfOneArrayOfObjectsComeFromOneObject) {
  const std::string_view pattern = R"({"people": {"first": ["Ada"], "last": ["Hopper"]}})";
  EXPECT_TRUE(matches(pattern, R"({"people": [{"first": "Grace", "last": "Hopper"}, {"first": "Ada", "last": "Hopper"}]})"));
  EXPECT_FALSE(matches(pattern, R"({"people": [{"first": "Grace", "last": "Hopper"}, {"first": "Ada", "last": "Lovelace"}]})"));
}

TEST(EventPattern, AnElementThatFailsLateIsGivenUpForTheNext) {
  const std::string_view pattern = R"({"a": {"x": [1], "y": [1], "z": [1]}})";
  EXPECT_TRUE(matches(pattern, R"({"a": [{"x": 1, "y": 1}, {"x": 1, "y": 1, "z": 0}, {"x": 1, "y": 1, "z": 1}]})"));
  EXPECT_FALSE(matches(pattern, R"({"a": [{"x": 1, "y": 1}, {"x": 1, "z": 1}, {"y": 1, "z": 1}]})"));
}

TEST(EventPattern, EachLevelOfArraysHoldsItsValuesTogether) {
  const std::string_view pattern = R"({"a": {"x": [1], "b": {"y": [2], "z": [3]}}})";
  EXPECT_TRUE(matches(pattern, R"({"a": [{"x": 1, "b": [{"y": 2}, {"y": 2, "z": 3}]}]})"));
  EXPECT_FALSE(matches(pattern, R"({"a": [{"x": 1, "b": [{"y": 2}, {"z": 3}]}]})"));
  EXPECT_FALSE(matches(pattern, R"({"a": [{"x": 1}, {"b": [{"y": 2, "z": 3}]}]})"));
}

TEST(EventPattern, ArraysBesideEachOtherAreChosenFromFreely) {
  const std::string_view pattern = R"({"a": {"x": [1]}, "b": {"y": [2]}})";
  EXPECT_TRUE(matches(pattern, R"({"a": [{"x": 0}, {"x": 1}], "b": [{"y": 2}, {"y": 0}]})"));
}

TEST(EventPattern, ScalarsOfAnArrayGoWithItsObjects) { EXPECT_TRUE(matches(R"({"a": [1], "a.x": [2]})", R"({"a": [{"x": 2}, 1]})")); }

TEST(EventPattern, AbsenceIsAskedOfTheElementsChosenBefore) {
  const std::string_view event = R"({"a": [{"m": 1, "x": 1}, {"m": 2}]})";
  EXPECT_TRUE(matches(R"({"a": {"m": [2], "x": [{"exists": false}]}})", event));
  EXPECT_FALSE(matches(R"({"a": {"m": [1], "x": [{"exists": false}]}})", event));
  EXPECT_FALSE(matches(R"({"a": {"x": [{"exists": false}], "y": [{"exists": false}]}})", event));
}

TEST(EventPattern, DotsInNamesAreStepsOfAPath) {
  EXPECT_TRUE(matches(R"({"a.b": {"c": [1]}})", R"({"a": {"b.c": 1}})"));
  EXPECT_TRUE(matches(R"({"a": {"b": {"c": [1]}}})", R"({"a.b.c": 1})"));
  EXPECT_FALSE(matches(R"({"a": {"b": [1]}})", R"({"a..b": 1})"));
}

TEST(EventPattern, OfAPathTwiceTheLastCounts) {
  EXPECT_TRUE(matches(R"({"x": ["a"], "x": ["b"]})", R"({"x": "b"})"));
  EXPECT_FALSE(matches(R"({"a": {"b": [1]}, "a.b": [2]})", R"({"a": {"b": 1}})"));
}

TEST(EventPattern, OneObjectOfAnOrIsEnough) {
  const std::string_view pattern = R"({"s": ["x"], "$or": [{"a": [1]}, {"b": [2], "c": [3]}]})";
  EXPECT_TRUE(matches(pattern, R"({"s": "x", "a": 1})"));
  EXPECT_TRUE(matches(pattern, R"({"s": "x", "b": 2, "c": 3})"));
  EXPECT_FALSE(matches(pattern, R"({"s": "x", "b": 2})"));
  EXPECT_FALSE(matches(pattern, R"({"a": 1})"));
}

TEST(EventPattern, OrsMultiplyAndNest) {
  const std::string_view pattern =
      R"({"$or": [{"a": [1]}, {"b": [1], "$or": [{"c": [1]}, {"d": [1]}]}], "e": {"$or": [{"x": [1]}, {"y": [1]}]}})";
  EXPECT_TRUE(matches(pattern, R"({"b": 1, "d": 1, "e": {"y": 1}})"));
  EXPECT_TRUE(matches(pattern, R"({"a": 1, "e": {"x": 1}})"));
  EXPECT_FALSE(matches(pattern, R"({"b": 1, "e": {"x": 1}})"));
  EXPECT_FALSE(matches(pattern, R"({"a": 1})"));
}

TEST(EventPattern, ThreadsMayAskOnePattern) {
  auto pattern = EventPattern::parse(R"({"x": [{"numeric": [">", 10]}, {"wildcard": "a*z"}]})");
  ASSERT_TRUE(pattern);
  const auto events = {json::parse(R"({"x": 11})"), json::parse(R"({"x": "abz"})")};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([copy = *pattern, &events] {
      for (int n = 0; n < 100; ++n)
        for (const auto& event : events) EXPECT_TRUE(copy.matches(*event));
    });
}

TEST(EventPatternErrors, TellTheReasonAndThePlaceAsAwsDoes) {
  EXPECT_EQ(problem_of(R"({"string": "my-value"})"),
            "\"string\" must be an object or an array\n at [Source: (String)\"{\"string\": \"my-value\"}\"; line: 1, column: 13]");
  EXPECT_EQ(problem_of("{\"a\":\n [\"ü\", {}]}"),
            "Match expression name not found\n at [Source: (String)\"{\"a\":\n [\"ü\", {}]}\"; line: 2, column: 10]");
}

TEST(EventPatternErrors, AreOfTheSentencesOfAws) {
  EXPECT_EQ(sentence_of("[]"), "Filter is not an object");
  EXPECT_EQ(sentence_of(""), "Filter is not an object");
  EXPECT_EQ(sentence_of("{}"), "Empty objects are not allowed");
  EXPECT_EQ(sentence_of(R"({"a": []})"), "Empty arrays are not allowed");
  EXPECT_EQ(sentence_of(R"({"a": [[1]]})"), "Match value must be String, number, true, false, or null");
  EXPECT_EQ(sentence_of(R"({"a": [{"EXISTS": true}]})"), "Unrecognized match type EXISTS");
  EXPECT_EQ(sentence_of(R"({"a": [{"prefix": "x", "suffix": "y"}]})"), "Only one key allowed in match expression");
  EXPECT_EQ(sentence_of(R"({"a": [{"anything-but": ["x", 1]}]})"),
            "Inside anything but list, either all values are number or string, mixed type is not supported");
  EXPECT_EQ(sentence_of(R"({"a": [{"anything-but": {"prefix": ""}}]})"), "Null prefix/suffix not allowed");
  EXPECT_EQ(sentence_of(R"({"a": [{"numeric": [">", 2, "<", 1]}]})"), "Bottom must be less than top");
  EXPECT_EQ(sentence_of(R"({"a": [{"numeric": ["=", 1e400]}]})"), "Cannot compare number : 1e400");
  EXPECT_EQ(sentence_of(R"({"a": [{"wildcard": "a**"}]})"), "Consecutive wildcard characters at pos 2");
  EXPECT_EQ(sentence_of(R"({"a": [{"wildcard": "\\n"}]})"), "Invalid escape character at pos 1");
}

TEST(EventPatternErrors, OfAddressesHaveNoPlace) {
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "10.0.0.0"}]})"), "Malformed CIDR, one '/' required");
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "10.0.0.0/x"}]})"), "Malformed CIDR, mask bits must be an integer");
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "10.0.0.0/-1"}]})"), "Malformed CIDR, mask bits must not be negative");
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "10.0.0.0/32"}]})"), "IPv4 mask bits must be < 32");
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "::/128"}]})"), "IPv6 mask bits must be < 128");
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "256.0.0.0/8"}]})"), "Invalid IP address: 256.0.0.0");
  EXPECT_EQ(problem_of(R"({"a": [{"cidr": "host/8"}]})"), "Nonstandard IP address: host");
}

TEST(EventPatternErrors, OfOrs) {
  EXPECT_EQ(sentence_of(R"({"$or": {"a": [1]}})"), "It must be an Array followed with $or.");
  EXPECT_EQ(sentence_of(R"({"$or": [{"a": [1]}]})"), "There must have at least 2 Objects in $or relationship.");
  EXPECT_EQ(sentence_of(R"({"$or": [{"a": [1]}, 2]})"), "Only JSON object is allowed in array of $or relationship.");
  EXPECT_EQ(sentence_of(R"({"$or": [{"a": [1]}, {"prefix": [2]}]})"),
            "prefix is Ruler reserved fieldName which cannot be used inside $or.");
}

TEST(EventPatternErrors, OfJsonAreThoseOfJackson) {
  EXPECT_EQ(sentence_of("{\"a\": nope}"),
            "Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
  EXPECT_EQ(sentence_of("{\"a\" [1]}"), "Unexpected character ('[' (code 91)): was expecting a colon to separate field name and value");
  EXPECT_EQ(sentence_of("{a: [1]}"), "Unexpected character ('a' (code 97)): was expecting double-quote to start field name");
  EXPECT_EQ(sentence_of("{\"a\": [1 2]}"), "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries");
  EXPECT_EQ(problem_of("{\"a\": [1"),
            "Unexpected end-of-input: expected close marker for Array (start marker at [Source: (String)\"{\"a\": [1\"; line: 1, column: "
            "7])\n at "
            "[Source: (String)\"{\"a\": [1\"; line: 1, column: 9]");
}

TEST(EventPatternErrors, QuoteNoMoreOfThePatternThanJackson) {
  const std::string text = "{\"a\": [\"" + std::string(limits::quoted_characters_max, 'x') + "\"], \"b\": 1}";
  EXPECT_TRUE(problem_of(text).contains(text.substr(0, limits::quoted_characters_max) + "\"[truncated 19 chars]; line: 1, column: "));
}

TEST(EventPatternLimits, APatternHasABoundedLength) {
  const std::string longest = "{\"a\": [\"" + std::string(limits::pattern_characters_max - 11, 'x') + "\"]}";
  EXPECT_EQ(problem_of(longest), "valid");
  EXPECT_EQ(problem_of(longest + " "), "Event pattern is longer than 4096 characters");
}

TEST(EventPatternLimits, OrsHaveABoundedNumberOfCombinations) {
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += (i ? ", " : "") + std::string("{\"f") + std::to_string(i) + "\": [1]}";
  const std::string thousand = "{\"a\": {\"$or\": [" + ten + "]}, \"b\": {\"$or\": [" + ten + "]}, \"c\": {\"$or\": [" + ten + "]}";
  EXPECT_EQ(sentence_of(thousand + "}"), "valid");
  EXPECT_EQ(sentence_of(thousand + ", \"d\": {\"$or\": [{\"x\": [1]}, {\"y\": [1]}]}}"),
            "Rule is too complex - its $or have more than 1000 combinations");
}

TEST(EventPatternLimits, WildcardsHaveABoundedComplexity) {
  const std::string_view too_complex =
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character";
  EXPECT_EQ(problem_of(R"({"a": [{"wildcard": "*:*:*:*:*:event-bus/*"}]})"), too_complex);
  EXPECT_EQ(problem_of(R"({"a": [{"wildcard": "arn:aws:events:us-east-1:*:event-bus/*"}]})"), "valid");
  EXPECT_EQ(problem_of(R"({"a": [{"wildcard": "*/dir/dir/dir/dir/dir/doc.txt"}]})"), "valid");
  const std::string stacks = R"({"a": [{"wildcard": "*:stack/A/*"}, {"wildcard": "*:stack/B/*"}, {"wildcard": "*:stack/C/*"})";
  EXPECT_EQ(problem_of(stacks + "]}"), "valid");
  EXPECT_EQ(problem_of(stacks + R"(, {"wildcard": "*:stack/D/*"}]})"), too_complex);
}

TEST(EventPatternLimits, LargeArraysBesideEachOtherAreNotMultiplied) {
  auto array_of = [](std::string_view element, int count) {
    std::string array = "[";
    for (int i = 0; i < count; ++i) array += (i ? "," : "") + std::string(element);
    return array + "]";
  };
  const std::string event = "{\"a\":" + array_of("{\"x\":1}", 3000) + ",\"b\":" + array_of("{\"x\":1}", 3000) +
                            ",\"c\":" + array_of("{\"x\":1},{\"y\":1}", 3000) + "}";
  EXPECT_FALSE(matches(R"({"a": {"x": [1]}, "b": {"x": [1]}, "c": {"x": [1], "y": [1]}})", event));
  EXPECT_TRUE(matches(R"({"a": {"x": [1]}, "b": {"x": [1]}, "c": {"y": [1]}})", event));
}

}  // namespace
}  // namespace outcrop::expr
