#include "auth/policy_pattern.h"

#include <gtest/gtest.h>

namespace outcrop::auth {
namespace {

PolicyContext example_context() {
  PolicyContext context;
  context.set("aws:username", "alice");
  context.set("aws:PrincipalTag/star", "*");
  context.set("aws:TagKeys", PolicyContext::Values{"one", "two"});
  return context;
}

bool expands_to(std::string_view pattern, std::string_view text) {
  auto expanded = Pattern::expand(pattern, example_context());
  return expanded && expanded->matches(text);
}

bool arn_matches(std::string_view pattern, std::string_view arn) { return Pattern::plain(pattern).matches_arn(arn); }

TEST(Wildcards, StandForAnyTextAndAnyByte) {
  EXPECT_TRUE(matches_wildcards("*", ""));
  EXPECT_TRUE(matches_wildcards("a*c", "ac"));
  EXPECT_TRUE(matches_wildcards("a*c", "abcabc"));
  EXPECT_TRUE(matches_wildcards("a?c*", "abcd"));
  EXPECT_TRUE(matches_wildcards("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(matches_wildcards("a?c", "ac"));
  EXPECT_FALSE(matches_wildcards("a*c", "abcd"));
  EXPECT_FALSE(matches_wildcards("", "a"));
  EXPECT_FALSE(matches_wildcards("abc", "ABC"));
  EXPECT_TRUE(matches_wildcards_ignoring_case("sqs:Send*", "SQS:sendMessageBatch"));
}

TEST(Wildcards, CostNoMoreThanPatternTimesText) {
  std::string pattern, text(4000, 'a');
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(matches_wildcards(pattern + "b", text));
}

TEST(Pattern, TakesTheValuesOfVariables) {
  EXPECT_TRUE(expands_to("home/${aws:username}/*", "home/alice/file"));
  EXPECT_TRUE(expands_to("home/${AWS:UserName}/*", "home/alice/file"));
  EXPECT_FALSE(expands_to("home/${aws:username}/*", "home/bob/file"));
}

TEST(Pattern, MatchesNothingWithoutTheVariableUnlessItHasADefault) {
  EXPECT_FALSE(expands_to("${aws:SourceIp}*", "anything"));
  EXPECT_FALSE(expands_to("${aws:TagKeys}*", "one"));
  EXPECT_TRUE(expands_to("${aws:SourceIp, 'nowhere'}", "nowhere"));
  EXPECT_TRUE(expands_to("${aws:username, 'nobody'}", "alice"));
}

TEST(Pattern, TakesWildcardsOfVariablesLiterally) {
  EXPECT_TRUE(expands_to("${aws:PrincipalTag/star}", "*"));
  EXPECT_FALSE(expands_to("${aws:PrincipalTag/star}", "anything"));
  EXPECT_TRUE(expands_to("${*}${?}${$}{x}", "*?${x}"));
  EXPECT_FALSE(expands_to("${*}", "anything"));
}

TEST(Pattern, LeavesAnUnclosedVariableAsItIs) { EXPECT_TRUE(expands_to("a${aws:username", "a${aws:username")); }

TEST(Pattern, WithoutVariablesTakesEverythingLiterally) {
  EXPECT_TRUE(Pattern::plain("${aws:username}").equals("${aws:username}"));
  EXPECT_TRUE(Pattern::plain("a*?").equals("a*?"));
  EXPECT_FALSE(Pattern::plain("a*?").equals("abc"));
  EXPECT_TRUE(Pattern::plain("A*").equals_ignoring_case("a*"));
}

TEST(ArnPattern, MatchesPartByPart) {
  EXPECT_TRUE(arn_matches("*", "arn:aws:sqs:us-east-1:111122223333:q"));
  EXPECT_TRUE(arn_matches("arn:aws:sqs:*:111122223333:q*", "arn:aws:sqs:us-east-1:111122223333:queue"));
  EXPECT_TRUE(arn_matches("arn:*:sqs:us-?ast-1:*:*", "arn:aws:sqs:us-east-1:111122223333:queue"));
  EXPECT_TRUE(arn_matches("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a:b/c"));
  EXPECT_FALSE(arn_matches("arn:aws:sqs:*:queue", "arn:aws:sqs:us-east-1:111122223333:queue"));
  EXPECT_FALSE(arn_matches("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:Q"));
  EXPECT_FALSE(arn_matches("arn:aws:sqs:us-east-1*:q", "arn:aws:sqs:us-east-1:111122223333:q"));
}

TEST(ArnPattern, CompletesMissingParts) {
  EXPECT_TRUE(arn_matches("arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:queue"));
  EXPECT_TRUE(arn_matches("arn:aws:sqs:us-*", "arn:aws:sqs:us-east-1:111122223333:queue"));
  EXPECT_FALSE(arn_matches("arn:aws:sns", "arn:aws:sqs:us-east-1:111122223333:queue"));
}

TEST(ArnPattern, MatchesNoTextThatIsNoArnButForAStar) {
  EXPECT_FALSE(arn_matches("arn:*", "arn:aws"));
  EXPECT_FALSE(arn_matches("queue*", "queue"));
  EXPECT_TRUE(arn_matches("*", "queue"));
}

}  // namespace
}  // namespace outcrop::auth
