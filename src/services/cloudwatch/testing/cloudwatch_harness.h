// CloudWatch in a test's world: a memory store, a manual clock, four shards; its operations as functions.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "core/testing/test_world.h"
#include "gen/cloudwatch/delete_alarms.h"
#include "gen/cloudwatch/describe_alarm_history.h"
#include "gen/cloudwatch/describe_alarms.h"
#include "gen/cloudwatch/get_metric_data.h"
#include "gen/cloudwatch/get_metric_statistics.h"
#include "gen/cloudwatch/list_metrics.h"
#include "gen/cloudwatch/put_metric_alarm.h"
#include "gen/cloudwatch/put_metric_data.h"
#include "gen/cloudwatch/set_alarm_state.h"
#include "json/json.h"
#include "services/cloudwatch/cloudwatch.h"

namespace outcrop::cloudwatch {

using namespace std::chrono_literals;

class CloudwatchHarness : public testing::Test {
 public:
  CloudwatchHarness() { open(); }
  ~CloudwatchHarness() override { close(); }

  // The server ends in order and starts again on what is stored.
  void restart() {
    close();
    open();
  }

  Instant now() const { return world.clock.wall(); }
  void advance(Milliseconds by) { world.advance(by); }
  // To 100 ms after the beginning of a minute.
  void to_the_minute() { advance(std::chrono::floor<std::chrono::minutes>(now()) + 1min + 100ms - now()); }

  Call call(std::string account = "111122223333") {
    return {.world = world.world, .identity = {.account = std::move(account)}, .region = "eu-central-1", .service = "cloudwatch"};
  }
  template <class Output, class Input>
  Result<Output> run(Task<Result<Output>> (*operation)(Cloudwatch&, Call&, Input), Input input) {
    Call made = call();
    return world.run(operation(*cloudwatch, made, std::move(input)));
  }

  static MetricDatum datum(std::string name, double value) { return {.metric_name = std::move(name), .value = value}; }
  Result<PutMetricDataOutput> put(MetricDatum datum) {
    return run(put_metric_data, PutMetricDataInput{.namespace_ = "App", .metric_data = std::vector{std::move(datum)}});
  }
  void put(std::string name, double value) { ASSERT_TRUE(put(datum(std::move(name), value))); }

  // Values of a statistic in the last `span`, by the minute they begin.
  struct Wanted {
    std::string name, statistic = "Sum";
    Seconds span = 1h;
    int32_t period = 60;
    std::optional<std::string> unit = std::nullopt;
  };
  static MetricDataQuery query(const Wanted& wanted) {
    MetricDataQuery query{.id = "m1"};
    query.metric_stat = MetricStat{.metric = {.namespace_ = "App", .metric_name = wanted.name},
                                   .period = wanted.period,
                                   .stat = wanted.statistic,
                                   .unit = wanted.unit};
    return query;
  }
  std::vector<double> values(const Wanted& wanted) {
    auto output = run(get_metric_data, GetMetricDataInput{.metric_data_queries = {query(wanted)},
                                                          .start_time = now() - wanted.span,
                                                          .end_time = now() + 1min,
                                                          .scan_by = "TimestampAscending"});
    EXPECT_TRUE(output) << output.error().message;
    return output ? *output->metric_data_results->at(0).values : std::vector<double>();
  }

  static PutMetricAlarmInput alarm(std::string name) {
    return {.alarm_name = std::move(name),
            .metric_name = "errors",
            .namespace_ = "App",
            .statistic = "Sum",
            .period = 60,
            .evaluation_periods = 1,
            .threshold = 5,
            .comparison_operator = "GreaterThanThreshold"};
  }
  MetricAlarm shown(std::string name) {
    auto output = run(describe_alarms, DescribeAlarmsInput{.alarm_names = std::vector{std::move(name)}});
    EXPECT_TRUE(output && output->metric_alarms->size() == 1);
    return output && !output->metric_alarms->empty() ? output->metric_alarms->front() : MetricAlarm();
  }
  std::string state(std::string name) { return shown(std::move(name)).state_value.value_or(""); }
  // The summaries, the oldest first.
  std::vector<std::string> history(std::string name, std::optional<std::string> type = std::nullopt) {
    auto output = run(
        describe_alarm_history,
        DescribeAlarmHistoryInput{.alarm_name = std::move(name), .history_item_type = std::move(type), .scan_by = "TimestampAscending"});
    std::vector<std::string> summaries;
    for (const AlarmHistoryItem& item : *output.value().alarm_history_items) summaries.push_back(*item.history_summary);
    return summaries;
  }
  size_t stored_keys() { return world.run(world.store.scan(store::Range::all(), {.entries_max = 100'000})).value().size(); }

  TestWorld world;
  Metrics metrics{2};
  FaultInjection faults{world.random};
  Admission admission{faults, {}};
  std::optional<Directory> directory;
  std::unique_ptr<Shards> shards;
  std::optional<DurableTimers> timers;
  std::optional<Cloudwatch> cloudwatch;

 private:
  void open() {
    directory.emplace(admission, metrics);
    shards = world.run(Shards::open(world.world, 4)).value();
    timers.emplace(*shards);
    cloudwatch.emplace(world.world, *shards, *timers, *directory);
    EXPECT_TRUE(world.run(cloudwatch->start()));
    EXPECT_TRUE(world.run(timers->start()));
  }
  void close() {
    world.run(timers->stop());
    world.run(cloudwatch->stop());
    world.run(shards->close());
    cloudwatch.reset();
    timers.reset();
    shards.reset();
    world.executor.run_until_idle();
  }
};

}  // namespace outcrop::cloudwatch
