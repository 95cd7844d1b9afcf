#include "wire/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace outcrop::wire {
namespace {

TEST(Pattern, MatchesTheWholeValue) {
  static constinit Pattern pattern("[a-z]+");
  EXPECT_TRUE(pattern.matches("abc"));
  EXPECT_FALSE(pattern.matches("abc1"));
  EXPECT_FALSE(pattern.matches("1abc"));
  EXPECT_FALSE(pattern.matches("abc\n"));
}

TEST(Pattern, CountsCharactersNotBytes) {
  static constinit Pattern pattern(".{1,2}");
  EXPECT_TRUE(pattern.matches("日本"));
  EXPECT_FALSE(pattern.matches("日本語"));
}

TEST(Pattern, OfAlternativesMatchesTheWholeValueToo) {
  static constinit Pattern pattern("a|ab");
  EXPECT_TRUE(pattern.matches("ab"));
}

TEST(Pattern, ThatWouldBacktrackForYearsGivesUp) {
  static constinit Pattern pattern("(a+)+b");
  EXPECT_FALSE(pattern.matches(std::string(5000, 'a')));
}

TEST(Pattern, ThatIsNoExpressionRefusesNothing) {
  static constinit Pattern pattern("[a-");
  EXPECT_TRUE(pattern.matches("anything"));
  EXPECT_TRUE(pattern.matches("twice"));
}

// The characters that IAM's documents may have.
TEST(Pattern, ReadsTheCodePointsOfTheModels) {
  static constinit Pattern pattern(R"([\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)");
  EXPECT_TRUE(pattern.matches("arn:aws:iam::111122223333:role/a\n"));
  EXPECT_TRUE(pattern.matches("\xc3\xa4 \xf0\x9f\x98\x80"));
  EXPECT_FALSE(pattern.matches("a\x01"));
  EXPECT_FALSE(pattern.matches(""));
}

}  // namespace
}  // namespace outcrop::wire
