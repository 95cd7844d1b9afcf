// The alarm evaluation as AWS's documentation tables show it (User Guide, "Configuring how CloudWatch alarms treat missing data").
#include "services/cloudwatch/alarm/evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace outcrop::cloudwatch {
namespace {

constexpr double threshold = 5, breaching = 10, fine = 1;

// "0 - X - X", the latest last, as the latest first.
std::vector<AlarmPoint> range_of(std::string_view text) {
  std::vector<AlarmPoint> range;
  int64_t time_s = 1'800'000'000;
  for (char c : text) {
    if (c == ' ') continue;
    AlarmPoint point{.time_s = time_s, .samples = 1};
    if (c == 'X') point.value = breaching;
    if (c == '0') point.value = fine;
    range.push_back(point);
    time_s += 60;
  }
  std::ranges::reverse(range);
  return range;
}

AlarmRule rule_of(int32_t m, int32_t n, MissingData missing) {
  return {.evaluation_periods = n,
          .datapoints_to_alarm = m,
          .is_m_of_n = m != n,
          .comparison = "GreaterThanThreshold",
          .threshold = threshold,
          .missing_data = missing};
}

std::string verdict(int32_t m, int32_t n, std::string_view points, MissingData missing) {
  return std::string(evaluate_alarm(rule_of(m, n, missing), range_of(points)).state.value_or("stays"));
}

struct Row {
  std::string_view points;
  int32_t datapoints_to_alarm;
  size_t filled;
  std::string_view missing, ignore, breaching, not_breaching;
};

class Documented : public testing::TestWithParam<Row> {};

TEST_P(Documented, StateIsThatOfTheTable) {
  const Row& row = GetParam();
  const int32_t m = row.datapoints_to_alarm;
  EXPECT_EQ(verdict(m, 3, row.points, MissingData::missing), row.missing);
  EXPECT_EQ(verdict(m, 3, row.points, MissingData::ignore), row.ignore);
  EXPECT_EQ(verdict(m, 3, row.points, MissingData::breaching), row.breaching);
  EXPECT_EQ(verdict(m, 3, row.points, MissingData::not_breaching), row.not_breaching);
  EXPECT_EQ(evaluate_alarm(rule_of(m, 3, MissingData::missing), range_of(row.points)).filled, row.filled);
}

INSTANTIATE_TEST_SUITE_P(ThreeOfThree, Documented,
                         testing::Values(Row{"0 - X - X", 3, 0, "OK", "OK", "OK", "OK"}, Row{"0 - - - -", 3, 2, "OK", "OK", "OK", "OK"},
                                         Row{"- - - - -", 3, 3, "INSUFFICIENT_DATA", "stays", "ALARM", "OK"},
                                         Row{"0 X X - X", 3, 0, "ALARM", "ALARM", "ALARM", "ALARM"},
                                         Row{"- - X - -", 3, 2, "ALARM", "stays", "ALARM", "OK"}));

INSTANTIATE_TEST_SUITE_P(TwoOfThree, Documented,
                         testing::Values(Row{"0 - X - X", 2, 0, "ALARM", "ALARM", "ALARM", "ALARM"},
                                         Row{"0 0 X 0 X", 2, 0, "ALARM", "ALARM", "ALARM", "ALARM"},
                                         Row{"0 - X - -", 2, 1, "OK", "OK", "ALARM", "OK"},
                                         Row{"- - - - 0", 2, 2, "OK", "OK", "ALARM", "OK"},
                                         Row{"- - - X -", 2, 2, "ALARM", "stays", "ALARM", "OK"}));

TEST(AlarmEvaluation, AYoungBreachingPointAloneIsNoAlarmYet) {
  EXPECT_EQ(verdict(3, 3, "- - - - X", MissingData::missing), "stays");
  EXPECT_EQ(verdict(3, 3, "- - - X -", MissingData::missing), "stays");
  EXPECT_EQ(verdict(3, 3, "- - X - 0", MissingData::missing), "OK");
}

TEST(AlarmEvaluation, OnlyTheLatestPeriodsCountWhenNoneIsMissing) { EXPECT_EQ(verdict(3, 3, "X X 0 X X", MissingData::missing), "OK"); }

TEST(AlarmEvaluation, ComparesAsItsOperatorSays) {
  AlarmRule rule = rule_of(1, 1, MissingData::missing);
  auto breaches = [&](std::string comparison) {
    rule.comparison = std::move(comparison);
    return std::vector<bool>{rule.is_breaching(4), rule.is_breaching(5), rule.is_breaching(6)};
  };
  EXPECT_EQ(breaches("GreaterThanThreshold"), (std::vector<bool>{false, false, true}));
  EXPECT_EQ(breaches("GreaterThanOrEqualToThreshold"), (std::vector<bool>{false, true, true}));
  EXPECT_EQ(breaches("LessThanThreshold"), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(breaches("LessThanOrEqualToThreshold"), (std::vector<bool>{true, true, false}));
}

std::string reason(AlarmRule rule, std::string_view points) { return state_reason(rule, evaluate_alarm(rule, range_of(points))); }

TEST(StateReason, NamesThePointsThatDecided) {
  EXPECT_EQ(reason(rule_of(1, 1, MissingData::missing), "- - X"),
            "Threshold Crossed: 1 datapoint [10.0 (15/01/27 08:02:00)] was greater than the threshold (5.0).");
  EXPECT_EQ(
      reason(rule_of(3, 3, MissingData::missing), "- - X X X"),
      "Threshold Crossed: 3 datapoints [10.0 (15/01/27 08:04:00), 10.0 (15/01/27 08:03:00), 10.0 (15/01/27 08:02:00)] were greater than "
      "the threshold (5.0).");
}

TEST(StateReason, SaysHowManyOfHowManyWhenThatWasConfigured) {
  EXPECT_EQ(reason(rule_of(2, 3, MissingData::missing), "- - X 0 X"),
            "Threshold Crossed: 2 out of the last 3 datapoints [10.0 (15/01/27 08:04:00), 10.0 (15/01/27 08:02:00)] were greater than the "
            "threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).");
  EXPECT_EQ(
      reason(rule_of(3, 4, MissingData::missing), "- - X X 0 0"),
      "Threshold Crossed: 2 out of the last 4 datapoints [1.0 (15/01/27 08:05:00), 1.0 (15/01/27 08:04:00)] were not greater than the "
      "threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).");
}

TEST(StateReason, ListsTheLatestFiveOfMany) {
  EXPECT_EQ(
      reason(rule_of(6, 6, MissingData::missing), "X X X X X X"),
      "Threshold Crossed: 6 datapoints were greater than the threshold (5.0). The most recent datapoints which crossed the threshold: "
      "[10.0 (15/01/27 08:05:00), 10.0 (15/01/27 08:04:00), 10.0 (15/01/27 08:03:00), 10.0 (15/01/27 08:02:00), 10.0 (15/01/27 "
      "08:01:00)].");
}

// The first two were recorded from AWS.
TEST(StateReason, SaysWhatMissingDataCountedAs) {
  EXPECT_EQ(reason(rule_of(2, 2, MissingData::breaching), "- - - -"),
            "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].");
  EXPECT_EQ(reason(rule_of(1, 1, MissingData::not_breaching), "- - -"),
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].");
  EXPECT_EQ(reason(rule_of(3, 3, MissingData::breaching), "- - - - X"),
            "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].");
  EXPECT_EQ(reason(rule_of(5, 5, MissingData::missing), "- - - - - - -"), "Insufficient Data: 5 datapoints were unknown.");
}

TEST(LowSamples, NeedMoreDataTheFurtherThePercentileIsFromTheMedian) {
  EXPECT_TRUE(is_low_sample(99, 999));
  EXPECT_FALSE(is_low_sample(99, 1000.1));
  EXPECT_TRUE(is_low_sample(10, 99));
  EXPECT_FALSE(is_low_sample(10, 100.1));
  EXPECT_FALSE(is_low_sample(100, 0));
}

}  // namespace
}  // namespace outcrop::cloudwatch
