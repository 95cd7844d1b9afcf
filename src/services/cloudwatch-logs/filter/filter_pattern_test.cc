// Filter patterns by the examples of AWS's guide, and what they refuse.
#include "services/cloudwatch-logs/filter/filter_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::cloudwatch_logs {
namespace {

using testing::ElementsAre;

bool matches(std::string_view pattern, std::string_view message) {
  auto parsed = FilterPattern::parse(pattern);
  EXPECT_TRUE(parsed) << pattern << ": " << parsed.error().message;
  return parsed && parsed->matches(message);
}

std::string refusal_of_pattern(std::string_view pattern) {
  auto parsed = FilterPattern::parse(pattern);
  return parsed ? "" : parsed.error().code + ": " + parsed.error().message;
}

TEST(FilterPattern, AnEmptyOneMatchesEverything) {
  EXPECT_TRUE(matches("", "anything"));
  EXPECT_TRUE(matches("  ", "anything"));
}

TEST(FilterPattern, ATermOccursAnywhereInItsCase) {
  EXPECT_TRUE(matches("ERROR", "[ERROR 401] UNAUTHORIZED"));
  EXPECT_TRUE(matches("ERROR", "Exiting with ERRORCODE: -1"));
  EXPECT_FALSE(matches("ERROR", "error"));
}

TEST(FilterPattern, AllTermsMustOccur) {
  EXPECT_TRUE(matches("ERROR Exception", "[ERROR] Unhandled Exception"));
  EXPECT_FALSE(matches("ERROR Exception", "[ERROR] fine"));
}

TEST(FilterPattern, AQuotedPhraseIsOneTerm) {
  EXPECT_TRUE(matches("\"INTERNAL SERVER ERROR\"", "500 INTERNAL SERVER ERROR"));
  EXPECT_FALSE(matches("\"INTERNAL SERVER ERROR\"", "INTERNAL ERROR SERVER"));
  EXPECT_TRUE(matches(R"("say \"hi\"")", R"(they say "hi" again)"));
}

TEST(FilterPattern, ExcludedTermsMustNotOccur) {
  EXPECT_TRUE(matches("ERROR -ARGUMENTS", "[ERROR 401] UNAUTHORIZED"));
  EXPECT_FALSE(matches("ERROR -ARGUMENTS", "[ERROR 419] MISSING ARGUMENTS"));
  EXPECT_FALSE(matches("\"ERROR\" - \"Exiting\"", "Exiting with ERRORCODE: -1"));
  EXPECT_TRUE(matches("-DEBUG", "INFO"));
}

TEST(FilterPattern, OneOfOptionalTermsMustOccur) {
  EXPECT_TRUE(matches("?ERROR ?WARN", "WARN message"));
  EXPECT_FALSE(matches("?ERROR ?WARN", "INFO message"));
  EXPECT_TRUE(matches("?WARN ERROR", "ERROR message")) << "beside other terms they are ignored";
}

TEST(FilterPattern, AnExpressionMatchesAPart) {
  EXPECT_TRUE(matches("%AUTHORIZED%", "UNAUTHORIZED REQUEST"));
  EXPECT_TRUE(matches("%4[0-9]{2}%", "status 404"));
  EXPECT_FALSE(matches("%^4[0-9]{2}%", "status 404"));
}

TEST(FilterPattern, AHostileExpressionEnds) { EXPECT_FALSE(matches("%a*a*a*a*a*a*b%", std::string(5000, 'a'))); }

// Each place of the message runs to its end: steps that nobody counted would take minutes.
TEST(FilterPattern, AnExpressionThatRunsThroughALongMessageEverywhereEnds) {
  EXPECT_FALSE(matches("%[a-z]*[0-9]%", std::string(1'000'000, 'a')));
}

TEST(FilterPattern, ExpressionsThatCannotBeBoundedAreRefused) {
  for (const char* expression : {"%a*+b%", "%a++b%", "%a?+b%", "%a{2}{3}%", "%a{101}%", "%a{1,1000}%"})
    EXPECT_THAT(refusal_of_pattern(expression), testing::HasSubstr("repeats in an unsupported way")) << expression;
  EXPECT_THAT(refusal_of_pattern(R"(%\c\(a\c\)+%)"), testing::HasSubstr("unsupported character"));
  EXPECT_TRUE(matches("%[*+]{2}%", "a*+"));
  EXPECT_TRUE(matches("%a+?b%", "aab"));
}

TEST(FilterPattern, JsonValuesAreCompared) {
  const std::string event = R"({"eventType": "UpdateTrail", "ip": "111.111.111.111", "list": ["value", {"id": 2}], "none": null,)"
                            R"("flag": true, "latency": 120.5, "a.b": "dotted"})";
  EXPECT_TRUE(matches(R"({ $.eventType = "UpdateTrail" })", event));
  EXPECT_TRUE(matches("{ $.eventType = *Trail }", event));
  EXPECT_TRUE(matches(R"({ $.eventType = "Update*" })", event));
  EXPECT_TRUE(matches("{ $.ip != 123.123.* }", event));
  EXPECT_TRUE(matches(R"({ $.list[0] = "value" })", event));
  EXPECT_TRUE(matches("{ $.list[1].id = 2 }", event));
  EXPECT_FALSE(matches("{ $.list[1].id = 3 }", event));
  EXPECT_TRUE(matches("{ $.latency > 1e2 && $.latency <= 120.5 }", event));
  EXPECT_FALSE(matches("{ $.latency < +100 }", event));
  EXPECT_TRUE(matches("{ $.none IS NULL }", event));
  EXPECT_TRUE(matches("{ $.flag IS TRUE }", event));
  EXPECT_FALSE(matches("{ $.flag IS FALSE }", event));
  EXPECT_TRUE(matches("{ $.other NOT EXISTS }", event));
  EXPECT_FALSE(matches("{ $.flag NOT EXISTS }", event));
  EXPECT_TRUE(matches("{ $.ip = %1{3}\\.% }", event));
  EXPECT_TRUE(matches("{ $.['a.b'] = dotted }", event));
}

TEST(FilterPattern, JsonConditionsBindAsUsual) {
  const std::string event = R"({"user": {"id": 1, "email": "J@example.com"}, "actions": ["GET", "PUT"], "grid": [[0, 1], [4, 5]]})";
  EXPECT_TRUE(matches(R"({ ($.user.id = 1) && ($.user.email = "J@example.com") })", event));
  EXPECT_TRUE(matches(R"({ $.user.email = "J@example.com" || $.grid[0][1] = no && $.actions[1] = no })", event));
  EXPECT_FALSE(matches(R"({ ($.user.email = "J@example.com" || $.grid[0][1] = no) && $.actions[1] = no })", event));
}

TEST(FilterPattern, ObjectsArraysAndWhatIsMissingAreNeitherEqualNorUnequal) {
  EXPECT_FALSE(matches("{ $.users = 1 }", R"({"users": [1, 2]})"));
  EXPECT_FALSE(matches("{ $.users != 1 }", R"({"users": [1, 2]})"));
  EXPECT_FALSE(matches("{ $.nobody != 1 }", R"({"users": 1})"));
}

TEST(FilterPattern, WhatIsNoJsonMatchesNoCondition) {
  EXPECT_FALSE(matches("{ $.a NOT EXISTS }", "plain text"));
  EXPECT_FALSE(matches("{ $.a NOT EXISTS }", "{ broken"));
}

const std::string access_log = R"(127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534)";

TEST(FilterPattern, FieldsLieBetweenSpacesQuotesAndBrackets) {
  EXPECT_THAT(fields_of(access_log),
              ElementsAre("127.0.0.1", "-", "frank", "10/Oct/2000:13:25:15 -0700", "GET /index.html HTTP/1.0", "404", "1534"));
}

TEST(FilterPattern, FieldsAreCounted) {
  EXPECT_TRUE(matches("[ip, user, username, timestamp, request, status_code, bytes]", access_log));
  EXPECT_FALSE(matches("[ip, user, username]", access_log));
  EXPECT_TRUE(matches("[ip, user, ...]", access_log));
  EXPECT_FALSE(matches("[a, b, c, d, e, f, g, h, ...]", access_log));
}

TEST(FilterPattern, FieldsHaveConditions) {
  EXPECT_TRUE(matches("[..., status_code = 4*, bytes]", access_log));
  EXPECT_TRUE(matches("[..., request=*.html*, status_code=4*,]", access_log));
  EXPECT_TRUE(matches("[ip, ..., status_code = 4* && status_code != 403, bytes > 1000]", access_log));
  EXPECT_FALSE(matches("[..., status_code, bytes > 2000]", access_log));
  EXPECT_TRUE(matches("[w1=ERROR || w1=WARN, w2]", "WARN message"));
  EXPECT_FALSE(matches("[w1=ERROR || w1=WARN, w2]", "INFO message"));
  EXPECT_TRUE(matches("[ip=%127\\.0\\.0\\.[1-9]%, ...]", access_log));
}

TEST(FilterPattern, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(refusal_of_pattern("foo.bar"), "InvalidParameterException: Invalid character(s) in term 'foo.bar'");
  for (std::string_view pattern :
       {"\"open",       "{ $.a }",       "{ $.a = }", "{ $.a = 1",  "{ a = 1 }", "{ $ = 1 }",        "{ ($.a = 1 }", "{ $.a[ = 1 }",
        "{ $.a IS 1 }", "{ $.a = 1 } b", "[a, b",     "[..., ...]", "[a = ]",    "[a = 1 && b = 2]", "%open",        "%(a)%",
        "%a!%",         "%[%",           "-",         "%%",         "{ $.",      "{ $. = 1 }",       "[a] b"})
    EXPECT_THAT(refusal_of_pattern(pattern), testing::StartsWith("InvalidParameterException: ")) << pattern;
  EXPECT_NE(refusal_of_pattern("{ $.a = %a% || $.b = %b% || $.c = %c% }"), "") << "two expressions are the most";
  EXPECT_NE(refusal_of_pattern("{" + std::string(200, '(')), "") << "parentheses have a depth";
}

}  // namespace
}  // namespace outcrop::cloudwatch_logs
