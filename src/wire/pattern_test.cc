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

}  // namespace
}  // namespace outcrop::wire
