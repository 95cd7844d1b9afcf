// Metrics from PutMetricData to what is read of them, over time and restarts.
#include "services/cloudwatch/testing/cloudwatch_harness.h"

namespace outcrop::cloudwatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Storing : public CloudwatchHarness {};

TEST_F(Storing, ValuesOfAMinuteAddUp) {
  to_the_minute();
  put("latency", 1);
  put("latency", 2);
  advance(1min);
  put("latency", 10);
  EXPECT_THAT(values({"latency"}), ElementsAre(3, 10));
  EXPECT_THAT(values({"latency", "SampleCount"}), ElementsAre(2, 1));
  EXPECT_THAT(values({"latency", "p50"}), ElementsAre(1, 10));
  EXPECT_THAT(values({.name = "latency", .statistic = "Maximum", .span = 30min, .period = 3600}), ElementsAre(10));
}

TEST_F(Storing, ValuesCountAsOftenAsTheirCountsSay) {
  ASSERT_TRUE(put({.metric_name = "m", .values = std::vector<double>{1, 10}, .counts = std::vector<double>{4, 2}}));
  EXPECT_THAT(values({"m"}), ElementsAre(24));
  EXPECT_THAT(values({"m", "SampleCount"}), ElementsAre(6));
  EXPECT_THAT(values({"m", "p90"}), ElementsAre(10));
}

TEST_F(Storing, EachCombinationOfDimensionsIsAMetric) {
  MetricDatum one = datum("m", 1);
  one.dimensions = std::vector<Dimension>{{"a", "1"}, {"b", "2"}};
  MetricDatum turned = datum("m", 10);
  turned.dimensions = std::vector<Dimension>{{"b", "2"}, {"a", "1"}};
  ASSERT_TRUE(put(one));
  ASSERT_TRUE(put(turned));
  EXPECT_THAT(values({"m"}), IsEmpty());
  MetricDataQuery asked = query({"m"});
  asked.metric_stat->metric.dimensions = one.dimensions;
  auto output =
      run(get_metric_data, GetMetricDataInput{.metric_data_queries = {asked}, .start_time = now() - 1h, .end_time = now() + 1min});
  EXPECT_THAT(*output->metric_data_results->at(0).values, ElementsAre(11));
}

TEST_F(Storing, UnitsAreApartWhereOneIsAskedFor) {
  MetricDatum bytes = datum("m", 5);
  bytes.unit = "Bytes";
  ASSERT_TRUE(put(bytes));
  put("m", 7);
  EXPECT_THAT(values({.name = "m", .unit = "Bytes"}), ElementsAre(5));
  EXPECT_THAT(values({.name = "m", .unit = "Seconds"}), IsEmpty());
  auto output = run(get_metric_statistics, GetMetricStatisticsInput{.namespace_ = "App",
                                                                    .metric_name = "m",
                                                                    .start_time = now() - 1h,
                                                                    .end_time = now() + 1min,
                                                                    .period = 60,
                                                                    .statistics = std::vector<std::string>{"Sum"}});
  std::vector<std::pair<std::string, double>> found;
  for (const Datapoint& point : *output->datapoints) found.emplace_back(*point.unit, *point.sum);
  EXPECT_THAT(found, testing::UnorderedElementsAre(std::pair("Bytes", 5.0), std::pair("None", 7.0)));
}

TEST_F(Storing, WhatWasAcknowledgedSurvivesRestarts) {
  to_the_minute();
  for (int i = 0; i < 5; ++i) {
    put("m", 1);
    restart();
  }
  EXPECT_THAT(values({"m"}), ElementsAre(5));
  put("m", 1);
  EXPECT_THAT(values({"m"}), ElementsAre(6));
}

TEST_F(Storing, AFailedWriteIsAnsweredAndNotCounted) {
  to_the_minute();
  put("m", 1);
  world.store.fail_writes(1);
  EXPECT_FALSE(put(datum("m", 100)));
  put("m", 1);
  EXPECT_THAT(values({"m"}), ElementsAre(2));
}

TEST_F(Storing, SecondsAreKeptForHighResolution) {
  to_the_minute();
  MetricDatum fine = datum("m", 1);
  fine.storage_resolution = 1;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(put(fine));
    advance(5s);
  }
  EXPECT_THAT(values({.name = "m", .span = 40s, .period = 10}), ElementsAre(2, 2));
  EXPECT_THAT(values({.name = "m", .span = 40s, .period = 1}), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(values({"m"}), ElementsAre(4));
  advance(4h);
  EXPECT_THAT(values({.name = "m", .span = 5h, .period = 10}), IsEmpty());
  EXPECT_THAT(values({.name = "m", .span = 5h}), ElementsAre(4));
}

TEST_F(Storing, MinutesShowAtTheirBeginningInShorterPeriods) {
  to_the_minute();
  put("m", 3);
  EXPECT_THAT(values({.name = "m", .span = 2min, .period = 10}), ElementsAre(3));
}

TEST_F(Storing, DataAgesIntoCoarserPeriodsAndGoes) {
  to_the_minute();
  for (int minute = 0; minute < 10; ++minute) {
    put("m", minute);
    advance(1min);
  }
  const Seconds day = 24h;
  advance(14 * day);
  EXPECT_EQ(values({.name = "m", .span = 15 * day - 1h}).size(), 10u);
  advance(3 * day);
  EXPECT_THAT(values({.name = "m", .span = 18 * day}), IsEmpty());
  EXPECT_THAT(values({.name = "m", .span = 18 * day, .period = 300}), ElementsAre(0 + 1 + 2 + 3, 4 + 5 + 6 + 7 + 8, 9));
  EXPECT_THAT(values({.name = "m", .statistic = "p50", .span = 18 * day + 1h, .period = 86'400}), ElementsAre(4));
  advance(50 * day);
  EXPECT_THAT(values({.name = "m", .span = 70 * day, .period = 300}), IsEmpty());
  EXPECT_THAT(values({.name = "m", .span = 70 * day, .period = 3600}), ElementsAre(45));
  advance(430 * day);
  EXPECT_THAT(values({.name = "m", .span = 500 * day, .period = 3600}), IsEmpty());
}

TEST_F(Storing, NothingIsLeftOfAMetricThatHadNoDataForFifteenMonths) {
  const size_t before = stored_keys();
  put("m", 1);
  EXPECT_GT(stored_keys(), before);
  advance(24h * 500);
  EXPECT_EQ(stored_keys(), before);
}

TEST_F(Storing, LateDataIsRolledUp) {
  advance(24h * 20);
  MetricDatum late = datum("m", 1);
  late.timestamp = now() - 24h * 13;
  ASSERT_TRUE(put(late));
  advance(2h);
  late.timestamp = *late.timestamp + 2min;
  ASSERT_TRUE(put(late));
  advance(24h * 4);
  EXPECT_THAT(values({.name = "m", .span = 24h * 20, .period = 3600}), ElementsAre(2));
}

TEST_F(Storing, MemoryThatIsFullForgetsAndLosesNothing) {
  to_the_minute();
  for (int round = 0; round < 2; ++round) {
    for (int batch = 0; batch < 8; ++batch) {
      std::vector<MetricDatum> data;
      for (int i = 0; i < 500; ++i) data.push_back({.metric_name = fmt::format("metric {} {}", batch, i), .value = 1});
      ASSERT_TRUE(run(put_metric_data, PutMetricDataInput{.namespace_ = "App", .metric_data = data}));
    }
  }
  EXPECT_THAT(values({"metric 0 0"}), ElementsAre(2));
  EXPECT_THAT(values({"metric 7 499"}), ElementsAre(2));
}

TEST_F(Storing, MetricsAreListedWhileTheyHaveData) {
  for (int i = 0; i < 1200; ++i) {
    MetricDatum one = datum(fmt::format("m{}", i % 600), 1);
    if (i >= 600) one.dimensions = std::vector<Dimension>{{"host", fmt::format("h{}", i)}};
    ASSERT_TRUE(put(one));
  }
  auto all = [&](ListMetricsInput input) {
    size_t count = 0;
    do {
      auto page = run(list_metrics, input);
      EXPECT_LE(page->metrics->size(), 500u);
      count += page->metrics->size();
      input.next_token = page->next_token;
    } while (input.next_token);
    return count;
  };
  EXPECT_EQ(all({.namespace_ = "App"}), 1200u);
  EXPECT_EQ(all({}), 1200u);
  EXPECT_EQ(all({.namespace_ = "Other"}), 0u);
  EXPECT_EQ(all({.metric_name = "m7"}), 2u);
  EXPECT_EQ(all({.dimensions = std::vector<DimensionFilter>{{"host", std::nullopt}}}), 600u);
  EXPECT_EQ(all({.dimensions = std::vector<DimensionFilter>{{"host", "h700"}}}), 1u);
  advance(4h);
  EXPECT_EQ(all({.recently_active = "PT3H"}), 0u);
  EXPECT_EQ(all({}), 1200u);
  advance(24h * 15);
  EXPECT_EQ(all({}), 0u);
}

TEST_F(Storing, AccountsDoNotSeeEachOther) {
  put("m", 1);
  Call other = call("999999999999");
  auto listed = world.run(list_metrics(*cloudwatch, other, {}));
  EXPECT_THAT(*listed->metrics, IsEmpty());
}

struct Wrong {
  MetricDatum datum;
  std::string_view code, text;
};

TEST_F(Storing, WhatIsWrongIsRefused) {
  const Instant at = now();
  const Wrong wrong[] = {
      {{.metric_name = "m"}, "MissingRequiredParameterException", "The parameter MetricData.member.1.Value is required."},
      {{.metric_name = "m", .value = 1, .statistic_values = StatisticSet{1, 1, 1, 1}},
       "InvalidParameterCombinationException",
       "The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues are mutually exclusive and you have specified "
       "both."},
      {{.metric_name = "m", .value = NAN},
       "InvalidParameterValueException",
       "The value nan for parameter MetricData.member.1.Value is invalid."},
      {{.metric_name = "m", .value = 0x1p361}, "InvalidParameterValueException", "for parameter MetricData.member.1.Value is invalid."},
      {{.metric_name = "m", .timestamp = at - 15 * 24h, .value = 1},
       "InvalidParameterValueException",
       "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks."},
      {{.metric_name = "m", .timestamp = at + 3h, .value = 1}, "InvalidParameterValueException", "no more than two hours in the future."},
      {{.metric_name = "m", .statistic_values = StatisticSet{1, 1, 3, 2}}, "InvalidParameterValueException", "must be greater than"},
      {{.metric_name = "m", .values = std::vector<double>(151, 1)},
       "InvalidParameterValueException",
       "must not have a size greater than 150."},
      {{.metric_name = "m", .values = std::vector<double>{1, 2}, .counts = std::vector<double>{1}},
       "InvalidParameterValueException",
       "same size"},
      {{.metric_name = "m", .value = 1, .storage_resolution = 10}, "InvalidParameterValueException", "The value 10 for parameter"},
  };
  for (const Wrong& each : wrong) {
    auto answer = put(each.datum);
    ASSERT_FALSE(answer) << each.text;
    EXPECT_EQ(answer.error().code, each.code);
    EXPECT_THAT(answer.error().message, testing::HasSubstr(std::string(each.text)));
  }
  auto reserved = run(put_metric_data, PutMetricDataInput{.namespace_ = "AWS/EC2", .metric_data = std::vector{datum("m", 1)}});
  EXPECT_EQ(reserved.error().message, "The value AWS/ for parameter Namespace is invalid.");
}

TEST_F(Storing, StatisticsHaveTheirLimits) {
  GetMetricStatisticsInput input{.namespace_ = "App",
                                 .metric_name = "m",
                                 .start_time = now() - 24h * 13,
                                 .end_time = now(),
                                 .period = 60,
                                 .statistics = std::vector<std::string>{"Sum"}};
  EXPECT_EQ(
      run(get_metric_statistics, input).error().message,
      "You have requested up to 18720 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing "
      "Period, or decreasing the time range.");
  input.period = 61;
  EXPECT_EQ(run(get_metric_statistics, input).error().code, "InvalidParameterValueException");
  input.period = 3600;
  input.extended_statistics = std::vector<std::string>{"p99"};
  EXPECT_EQ(run(get_metric_statistics, input).error().code, "InvalidParameterCombinationException");
  input.statistics = std::nullopt;
  EXPECT_TRUE(run(get_metric_statistics, input));
}

}  // namespace
}  // namespace outcrop::cloudwatch
