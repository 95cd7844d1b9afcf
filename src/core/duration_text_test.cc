#include "core/duration_text.h"

#include <gtest/gtest.h>

namespace outcrop {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, WholeNumbersWithFallingUnitsAreRead) {
  EXPECT_EQ(parse_duration("30d"), 720h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("1s250ms"), 1250ms);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(DurationText, EverythingElseIsRefused) {
  for (auto text : {"", "30", "d", "-1d", "+1d", "1.5h", "1h1h", "1m1h", "1 h", "1w", "999999999999d", "99999999999999999999s"}) {
    EXPECT_FALSE(parse_duration(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace outcrop
