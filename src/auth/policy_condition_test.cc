#include "auth/policy_condition.h"

#include <gtest/gtest.h>

namespace outcrop::auth {
namespace {

using Values = PolicyContext::Values;

struct ConditionCase {
  std::string_view operation;
  Values policy_values;
  std::optional<Values> request_values;  // none: the key is not in the request
  bool expected;
};

bool condition_holds(const ConditionCase& test, PolicyContext context = {}) {
  auto condition = parse_condition_operator(test.operation);
  EXPECT_TRUE(condition) << test.operation;
  if (!condition) return !test.expected;
  condition->key = "aws:Key";
  condition->values = test.policy_values;
  if (test.request_values) context.set("AWS:key", *test.request_values);
  return holds(*condition, context, true);
}

void expect_conditions(std::initializer_list<ConditionCase> cases) {
  for (const ConditionCase& test : cases) {
    std::string description = std::string(test.operation) + " " + testing::PrintToString(test.policy_values) + " against " +
                              (test.request_values ? testing::PrintToString(*test.request_values) : "nothing");
    EXPECT_EQ(condition_holds(test), test.expected) << description;
  }
}

TEST(Condition, ComparesStrings) {
  expect_conditions({
      {"StringEquals", {"a", "b"}, Values{"b"}, true},
      {"StringEquals", {"a"}, Values{"A"}, false},
      {"StringEquals", {"a*"}, Values{"ab"}, false},
      {"StringEquals", {"a*"}, Values{"a*"}, true},
      {"StringNotEquals", {"a", "b"}, Values{"b"}, false},
      {"StringNotEquals", {"a", "b"}, Values{"c"}, true},
      {"StringEqualsIgnoreCase", {"ABC"}, Values{"abc"}, true},
      {"StringNotEqualsIgnoreCase", {"ABC"}, Values{"abc"}, false},
      {"StringLike", {"home/*", "x?"}, Values{"home/a/b"}, true},
      {"StringLike", {"home/*", "x?"}, Values{"x"}, false},
      {"StringNotLike", {"home/*"}, Values{"home/a"}, false},
      {"StringNotLike", {"home/*"}, Values{"away"}, true},
  });
}

TEST(Condition, ComparesNumbers) {
  expect_conditions({
      {"NumericEquals", {"10"}, Values{"10.0"}, true},
      {"NumericNotEquals", {"10"}, Values{"11"}, true},
      {"NumericLessThan", {"10"}, Values{"9.5"}, true},
      {"NumericLessThan", {"10"}, Values{"10"}, false},
      {"NumericLessThanEquals", {"10"}, Values{"10"}, true},
      {"NumericGreaterThan", {"-1"}, Values{"0"}, true},
      {"NumericGreaterThanEquals", {"10"}, Values{"9"}, false},
      {"NumericEquals", {"10"}, Values{"ten"}, false},
  });
}

TEST(Condition, ComparesDatesInEachOfTheirForms) {
  expect_conditions({
      {"DateEquals", {"2026-11-22T19:13:32Z"}, Values{"1795374812"}, true},
      {"DateEquals", {"2026-11-22T20:13:32+01:00"}, Values{"2026-11-22T19:13:32Z"}, true},
      {"DateNotEquals", {"2026-11-22"}, Values{"2026-11-22T00:00:00Z"}, false},
      {"DateLessThan", {"2026-11-22T19:13Z"}, Values{"2026-11-22T19:12:59Z"}, true},
      {"DateLessThanEquals", {"2026-11-22"}, Values{"2026-11-22T00:00:00Z"}, true},
      {"DateGreaterThan", {"2026-11-22"}, Values{"2026-11-22T00:00:00Z"}, false},
      {"DateGreaterThanEquals", {"2026-11-22"}, Values{"2026-11-23"}, true},
      {"DateLessThan", {"2026-11-22"}, Values{"soon"}, false},
  });
}

TEST(Condition, ComparesBooleansBinariesAndArns) {
  expect_conditions({
      {"Bool", {"false"}, Values{"False"}, true},
      {"Bool", {"true"}, Values{"false"}, false},
      {"Bool", {"true"}, Values{"1"}, false},
      {"BinaryEquals", {"AAEC"}, Values{"AAEC"}, true},
      {"BinaryEquals", {"AAEC"}, Values{"AAED"}, false},
      {"ArnEquals", {"arn:aws:sns:*:111122223333:t*"}, Values{"arn:aws:sns:eu-west-1:111122223333:topic"}, true},
      {"ArnLike", {"arn:aws:sns:*:topic"}, Values{"arn:aws:sns:eu-west-1:111122223333:topic"}, false},
      {"ArnNotLike", {"arn:aws:sns:*:*:*"}, Values{"arn:aws:sqs:eu-west-1:111122223333:q"}, true},
      {"ArnNotEquals", {"arn:aws:sns:*:*:*"}, Values{"arn:aws:sns:eu-west-1:111122223333:t"}, false},
  });
}

TEST(Condition, ComparesAddresses) {
  expect_conditions({
      {"IpAddress", {"203.0.113.0/24"}, Values{"203.0.113.255"}, true},
      {"IpAddress", {"203.0.113.0/24"}, Values{"203.0.114.0"}, false},
      {"IpAddress", {"203.0.113.7"}, Values{"203.0.113.7"}, true},
      {"IpAddress", {"0.0.0.0/0"}, Values{"8.8.8.8"}, true},
      {"IpAddress", {"0.0.0.0/0"}, Values{"::1"}, false},
      {"IpAddress", {"203.0.113.0/25"}, Values{"203.0.113.128"}, false},
      {"IpAddress", {"2001:db8::/33"}, Values{"2001:db8:7fff::1"}, true},
      {"IpAddress", {"2001:db8::/33"}, Values{"2001:db8:8000::1"}, false},
      {"IpAddress", {"127.0.0.0/8"}, Values{"::ffff:127.0.0.1"}, true},
      {"NotIpAddress", {"203.0.113.0/24", "10.0.0.0/8"}, Values{"10.1.2.3"}, false},
      {"NotIpAddress", {"203.0.113.0/24"}, Values{"10.1.2.3"}, true},
      {"IpAddress", {"10.0.0.0/8"}, Values{"not an address"}, false},
  });
}

TEST(Condition, WithoutTheKeyHoldsOnlyWhenNegatedOrOptional) {
  expect_conditions({
      {"StringEquals", {"a"}, std::nullopt, false},
      {"StringNotEquals", {"a"}, std::nullopt, true},
      {"StringEqualsIfExists", {"a"}, std::nullopt, true},
      {"StringEqualsIfExists", {"a"}, Values{"b"}, false},
      {"BoolIfExists", {"true"}, std::nullopt, true},
      {"IpAddress", {"0.0.0.0/0"}, std::nullopt, false},
      {"NotIpAddress", {"0.0.0.0/0"}, std::nullopt, true},
      {"NumericLessThan", {"1"}, std::nullopt, false},
  });
}

TEST(Condition, NullIsAboutPresence) {
  expect_conditions({
      {"Null", {"true"}, std::nullopt, true},
      {"Null", {"true"}, Values{"a"}, false},
      {"Null", {"false"}, Values{"a"}, true},
      {"Null", {"false"}, std::nullopt, false},
      {"Null", {"true"}, Values{}, true},
  });
}

TEST(Condition, ForAllValuesWantsEveryRequestValueListed) {
  expect_conditions({
      {"ForAllValues:StringEquals", {"a", "b"}, Values{"a", "b", "a"}, true},
      {"ForAllValues:StringEquals", {"a", "b"}, Values{"a", "c"}, false},
      {"ForAllValues:StringEquals", {"a"}, std::nullopt, true},
      {"ForAllValues:StringEquals", {"a"}, Values{}, true},
      {"ForAllValues:StringNotEquals", {"a"}, Values{"b", "c"}, true},
      {"ForAllValues:StringNotEquals", {"a"}, Values{"b", "a"}, false},
      {"ForAllValues:StringLikeIfExists", {"a*"}, Values{"ab", "b"}, false},
  });
}

TEST(Condition, ForAnyValueWantsOneRequestValueListed) {
  expect_conditions({
      {"ForAnyValue:StringEquals", {"a", "b"}, Values{"x", "b"}, true},
      {"ForAnyValue:StringEquals", {"a", "b"}, Values{"x", "y"}, false},
      {"ForAnyValue:StringEquals", {"a"}, std::nullopt, false},
      {"ForAnyValue:StringNotEquals", {"a"}, Values{"a", "b"}, true},
      {"ForAnyValue:StringNotEquals", {"a"}, Values{"a"}, false},
      {"ForAnyValue:StringNotEquals", {"a"}, std::nullopt, false},
  });
}

TEST(Condition, ReplacesVariablesInStringsAndArns) {
  PolicyContext context;
  context.set("aws:username", "alice");
  EXPECT_TRUE(condition_holds({"StringEquals", {"${aws:username}"}, Values{"alice"}, true}, context));
  EXPECT_TRUE(condition_holds({"StringLike", {"${aws:username}/*"}, Values{"alice/x"}, true}, context));
  EXPECT_TRUE(
      condition_holds({"ArnLike", {"arn:aws:iam::*:user/${aws:username}"}, Values{"arn:aws:iam::111122223333:user/alice"}, true}, context));
  EXPECT_FALSE(condition_holds({"StringEquals", {"${aws:SourceArn}"}, Values{"${aws:SourceArn}"}, false}, context));
}

TEST(ConditionOperator, IsOneThatAwsHas) {
  for (std::string_view name :
       {"StringEqual", "stringEquals", "StringEqualsifexists", "NullIfExists", "ForAllValues:Null", "ForSomeValues:StringLike", "", "Not"})
    EXPECT_FALSE(parse_condition_operator(name)) << name;
}

TEST(ConditionOperator, WantsValuesOfItsForm) {
  EXPECT_TRUE(is_condition_value(ConditionOperator::ip_address, "10.0.0.0/8"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::ip_address, "10.0.0.0/33"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::ip_address, "10.0.0"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::numeric_equals, "1x"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::numeric_equals, "inf"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::date_equals, "2026-13-01"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::boolean, "yes"));
  EXPECT_FALSE(is_condition_value(ConditionOperator::arn_like, "queue"));
  EXPECT_TRUE(is_condition_value(ConditionOperator::arn_like, "*"));
}

}  // namespace
}  // namespace outcrop::auth
