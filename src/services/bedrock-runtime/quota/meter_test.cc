// Meters by themselves: the calendar's windows, and what is charged in which.
#include <gtest/gtest.h>

#include "services/bedrock-runtime/quota/meter.h"

namespace outcrop::bedrock_runtime {
namespace {

using namespace std::chrono;

Instant at(int year, unsigned month, unsigned day, int hour = 0) { return sys_days(std::chrono::year(year) / month / day) + hours(hour); }

TEST(Window, OfADayBeginsAtMidnight) {
  const Window window = window_of(Period::day, at(2027, 1, 15, 8));
  EXPECT_EQ(window.begin, at(2027, 1, 15));
  EXPECT_EQ(window.end, at(2027, 1, 16));
}

TEST(Window, OfAMonthIsAsLongAsTheMonth) {
  EXPECT_EQ(window_of(Period::month, at(2028, 2, 29, 23)).end, at(2028, 3, 1));
  EXPECT_EQ(window_of(Period::month, at(2027, 12, 31)).begin, at(2027, 12, 1));
  EXPECT_EQ(window_of(Period::month, at(2027, 12, 31)).end, at(2028, 1, 1));
}

TEST(WindowMeter, ChargesARequestWhereItBegan) {
  WindowMeter meter(Meter::Counts::tokens, Period::day, 100, "");
  const Instant evening = at(2027, 1, 15, 23), morning = at(2027, 1, 16, 1);
  ASSERT_TRUE(meter.take(evening, 80));
  EXPECT_EQ(meter.available(morning), 100) << "a new day";
  meter.settle(evening, 80, 50);
  EXPECT_EQ(meter.available(morning), 100);
  EXPECT_FALSE(meter.take_change());
}

TEST(WindowMeter, TellsWhichDayManyRequestsWillHaveComeThrough) {
  WindowMeter meter(Meter::Counts::tokens, Period::day, 100, "");
  const Instant now = at(2027, 1, 15, 8);
  ASSERT_TRUE(meter.take(now, 60));
  EXPECT_EQ(meter.available_at(now, 40), now);
  EXPECT_EQ(meter.available_at(now, 41), at(2027, 1, 16));
  EXPECT_EQ(meter.available_at(now, 241), at(2027, 1, 18));
}

TEST(WindowMeter, IsOverdrawnByWhatUsedMoreThanItHeld) {
  WindowMeter meter(Meter::Counts::usd, Period::month, 1, "");
  const Instant now = at(2027, 1, 15);
  ASSERT_TRUE(meter.take(now, 0.75));
  meter.settle(now, 0.75, 1.25);
  EXPECT_EQ(meter.available(now), -0.25);
  EXPECT_FALSE(meter.take(now, 0.01));
  EXPECT_EQ(meter.use().amount, 1.25);
}

TEST(BucketMeter, TellsWhenSoMuchWillHaveRefilled) {
  BucketMeter meter(Meter::Counts::tokens, Period::minute, 600, "");
  const Instant now = at(2027, 1, 15);
  ASSERT_TRUE(meter.take(now, 600));
  EXPECT_EQ(meter.available_at(now, 100), now + seconds(10));
  EXPECT_EQ(meter.available_at(now, 1'200), now + seconds(120)) << "more than it holds: of many requests";
  EXPECT_EQ(meter.whole_at(now), now + seconds(60));
}

}  // namespace
}  // namespace outcrop::bedrock_runtime
