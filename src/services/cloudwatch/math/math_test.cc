// Metric math as the User Guide describes it ("Metric math syntax and functions"); its examples where it has some.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "services/cloudwatch/math/evaluate.h"

namespace outcrop::cloudwatch {
namespace {

constexpr double none = NAN;

class Math : public testing::Test {
 public:
  // A time series a minute from time 0 on; none: missing.
  void metric(const std::string& id, std::vector<double> values) {
    Series series{id, 60, {}};
    for (size_t i = 0; i < values.size(); ++i)
      if (!std::isnan(values[i])) series.points.push_back({int64_t(i) * 60, values[i]});
    longest_ = std::max(longest_, values.size());
    metrics_[id] = std::move(series);
  }

  Result<MathValue> compute(std::string_view text) {
    auto expression = parse_expression(text);
    if (!expression) return fail(std::move(expression.error()));
    MathScope scope{.from_s = 0, .to_s = int64_t(longest_) * 60, .period_s = 60};
    scope.find = [&](std::string_view id) -> const MathValue* {
      auto found = metrics_.find(std::string(id));
      return found == metrics_.end() ? nullptr : &found->second;
    };
    for (auto& [id, series] : metrics_) scope.metrics.push_back({id, &std::get<Series>(series)});
    return evaluate(*expression, scope);
  }
  // "[1, -, 3]" for a time series, "2" for a number, series after each other for an array.
  std::string shown(std::string_view text) {
    auto value = compute(text);
    if (!value) return value.error().message;
    if (auto* number = std::get_if<double>(&*value)) return fmt::format("{}", *number);
    if (auto* series = std::get_if<Series>(&*value)) return shown(*series);
    std::string all;
    for (const Series& series : std::get<SeriesArray>(*value)) all += shown(series);
    return all;
  }
  std::string shown(const Series& series) {
    std::string text = "[";
    auto point = series.points.begin();
    for (size_t i = 0; i < longest_; ++i) {
      if (i > 0) text += ", ";
      const bool is_here = point != series.points.end() && point->time_s == int64_t(i) * 60;
      text += is_here ? fmt::format("{}", point->value) : "-";
      if (is_here) ++point;
    }
    return text + "]";
  }

 private:
  std::map<std::string, MathValue> metrics_;
  size_t longest_ = 0;
};

TEST_F(Math, OperatorsBindAsInAlgebra) {
  EXPECT_EQ(shown("1+2*3"), "7");
  EXPECT_EQ(shown("(1+2)*3"), "9");
  EXPECT_EQ(shown("2*3^2"), "18");
  EXPECT_EQ(shown("-2^2"), "-4");
  EXPECT_EQ(shown("10-4-3"), "3");
  EXPECT_EQ(shown("2^-1"), "0.5");
  EXPECT_EQ(shown("1 < 2 AND 2 < 1 OR 1 == 1"), "1");
  EXPECT_EQ(shown("1<2 && 2<1 || 3 != 3"), "0");
}

TEST_F(Math, MissingValuesCountAsZeroBesidesOthers) {
  metric("m1", {1, none, 3, none});
  metric("m2", {10, 20, none, none});
  EXPECT_EQ(shown("m1+m2"), "[11, 20, 3, -]");
  EXPECT_EQ(shown("m1*2"), "[2, -, 6, -]");
  EXPECT_EQ(shown("-m1"), "[-1, -, -3, -]");
}

TEST_F(Math, DivisionByZeroDropsThePoint) {
  metric("m1", {1, 2, 3});
  metric("m2", {0, 2, none});
  EXPECT_EQ(shown("m1/m2"), "[-, 1, -]");
}

// User Guide, "Comparison and logical operators".
TEST_F(Math, ComparisonsGiveZerosAndOnes) {
  metric("metric1", {30, 20, 0, 0});
  metric("metric2", {20, none, 20, none});
  EXPECT_EQ(shown("(metric1 < metric2)"), "[0, 0, 1, 0]");
  EXPECT_EQ(shown("(metric1 >= 30)"), "[1, 0, 0, 0]");
  EXPECT_EQ(shown("(metric1 > 15 AND metric2 > 15)"), "[1, 0, 0, 0]");
}

// User Guide, "Using IF expressions".
TEST_F(Math, IfChoosesPointByPoint) {
  metric("metric1", {1, 1, 0, 0, none});
  metric("metric2", {30, none, 0, 0, 30});
  metric("metric3", {0, 0, 20, none, 20});
  EXPECT_EQ(shown("IF(metric1, metric2, metric3)"), "[30, 0, 20, -, -]");
  EXPECT_EQ(shown("IF(metric1, 5, metric3)"), "[5, 5, 20, -, -]");
  EXPECT_EQ(shown("IF(metric1, metric2, 5)"), "[30, 0, 5, 5, -]");
  EXPECT_EQ(shown("IF(metric1, metric2)"), "[30, 0, -, -, -]");
  EXPECT_EQ(shown("IF(1, metric2, metric3)"), "[30, -, 0, 0, 30]");
  EXPECT_EQ(shown("IF(0, metric2)"), "[-, -, -, -, -]");
  EXPECT_EQ(shown("IF(metric2 > 10, metric2)"), "[30, -, -, -, 30]");
}

TEST_F(Math, ReductionsGiveANumberOfOneAndATimeSeriesOfMany) {
  metric("m1", {1, 2, 3});
  metric("m2", {10, none, 30});
  EXPECT_EQ(shown("SUM(m1)"), "6");
  EXPECT_EQ(shown("AVG(m1)"), "2");
  EXPECT_EQ(shown("MIN(m1)"), "1");
  EXPECT_EQ(shown("MAX(m2)"), "30");
  EXPECT_EQ(shown("DATAPOINT_COUNT(m2)"), "2");
  EXPECT_EQ(shown("SUM([m1, m2])"), "[11, 2, 33]");
  EXPECT_EQ(shown("AVG(METRICS())"), "[5.5, 1, 16.5]");
  EXPECT_EQ(shown("MAX([m1,m2])"), "[10, 2, 30]");
  EXPECT_EQ(shown("m1-AVG(m1)"), "[-1, 0, 1]");
  EXPECT_EQ(shown("STDDEV([m1,m2])"), "[4.5, 0, 13.5]");
}

TEST_F(Math, MetricsAreFoundByWhatTheirIdsContain) {
  metric("errors1", {1});
  metric("errors2", {2});
  metric("requests", {30});
  EXPECT_EQ(shown("SUM(METRICS(\"errors\"))/SUM(METRICS('requests'))*100"), "[10]");
  EXPECT_EQ(shown("METRIC_COUNT(METRICS())"), "3");
  EXPECT_EQ(shown("METRICS()*2"), "[2][4][60]");
}

TEST_F(Math, FillCompletesATimeSeries) {
  metric("m1", {none, 1, none, none, 4, none});
  metric("m2", {7, 7, 7, none, 7, 7});
  EXPECT_EQ(shown("FILL(m1, 0)"), "[0, 1, 0, 0, 4, 0]");
  EXPECT_EQ(shown("FILL(m1, REPEAT)"), "[-, 1, 1, 1, 4, 4]");
  EXPECT_EQ(shown("FILL(m1, LINEAR)"), "[-, 1, 2, 3, 4, -]");
  EXPECT_EQ(shown("FILL(m1, m2)"), "[7, 1, 7, -, 4, 7]");
  EXPECT_EQ(shown("FILL(m1, MAX(m1))"), "[4, 1, 4, 4, 4, 4]");
}

TEST_F(Math, DifferencesLookAtThePointBefore) {
  metric("m1", {60, 180, none, 120});
  EXPECT_EQ(shown("RATE(m1)"), "[-, 2, -, -0.5]");
  EXPECT_EQ(shown("DIFF(m1)"), "[-, 120, -, -60]");
  EXPECT_EQ(shown("DIFF_TIME(m1)"), "[-, 60, -, 120]");
  EXPECT_EQ(shown("RUNNING_SUM(m1)"), "[60, 240, -, 360]");
}

TEST_F(Math, ArraysAreSortedAndSliced) {
  metric("m1", {1, 1});
  metric("m2", {3, 3});
  metric("m3", {2, none});
  EXPECT_EQ(shown("SORT(METRICS(), SUM, DESC)"), "[3, 3][1, 1][2, -]");
  EXPECT_EQ(shown("SORT(METRICS(), AVG, ASC, 2)"), "[1, 1][2, -]");
  EXPECT_EQ(shown("SLICE(SORT(METRICS(), AVG, DESC), 0, 1)"), "[3, 3]");
  EXPECT_EQ(shown("SLICE(METRICS(), 1)"), "[3, 3][2, -]");
  EXPECT_EQ(shown("FIRST(SORT(METRICS(), AVG, DESC))"), "[3, 3]");
}

TEST_F(Math, TimeSeriesOfTheCalendar) {
  metric("m1", {1, none});
  EXPECT_EQ(shown("MINUTE(m1)"), "[0, 1]");
  EXPECT_EQ(shown("EPOCH(m1)"), "[0, 60]");
  EXPECT_EQ(shown("DAY(m1)"), "[4, 4]");  // 1970-01-01 was a Thursday
  EXPECT_EQ(shown("YEAR(m1)"), "[1970, 1970]");
  EXPECT_EQ(shown("TIME_SERIES(5)"), "[5, 5]");
  EXPECT_EQ(shown("m1/PERIOD(m1)*60"), "[1, -]");
}

TEST_F(Math, PointFunctions) {
  metric("m1", {-1.5, 100, 0});
  EXPECT_EQ(shown("ABS(m1)"), "[1.5, 100, 0]");
  EXPECT_EQ(shown("CEIL(m1)"), "[-1, 100, 0]");
  EXPECT_EQ(shown("FLOOR(m1)"), "[-2, 100, 0]");
  EXPECT_EQ(shown("LOG10(m1)"), "[-, 2, -]");
}

TEST_F(Math, WhatIsWrongIsNamed) {
  metric("m1", {1});
  EXPECT_EQ(shown("SEARCH('x', 'Sum', 300)"), "Function 'SEARCH' is not supported at position 7.");
  EXPECT_EQ(shown("ANOMALY_DETECTION_BAND(m1)"), "Function 'ANOMALY_DETECTION_BAND' is not supported at position 23.");
  EXPECT_EQ(shown("NONSENSE(m1)"), "Function 'NONSENSE' not found at position 9.");
  EXPECT_EQ(shown("m1 +"), "Unexpected end at position 4.");
  EXPECT_EQ(shown("m1 m1"), "Unexpected 'm' at position 3.");
  EXPECT_EQ(shown("(m1"), "Expected ')' at position 3.");
  EXPECT_EQ(shown("m2"), "The id m2 is not found");
  EXPECT_EQ(shown("[m1]*[m1]"), "The operator * cannot be used with two arrays");
  EXPECT_EQ(shown("FILL(m1)"), "The arguments of FILL are invalid");
  EXPECT_EQ(shown("RATE(1)"), "The arguments of RATE are invalid");
}

TEST_F(Math, NestingAndSizeAreBounded) {
  EXPECT_THAT(shown(std::string(3000, '(')), testing::HasSubstr("Nested too deeply"));
  EXPECT_THAT(shown(std::string(3000, '-') + "1"), testing::HasSubstr("Nested too deeply"));
  std::string sum = "1";
  for (int i = 0; i < 1000; ++i) sum += "+1";
  EXPECT_THAT(shown(sum), testing::HasSubstr("Too many operators"));
  metric("m1", std::vector<double>(10'000, 1));
  std::string many = "m1";
  for (int i = 0; i < 300; ++i) many += ",m1";
  EXPECT_EQ(shown("[[" + many + "],[" + many + "]]"), "The expression computes too many data points");
}

}  // namespace
}  // namespace outcrop::cloudwatch
