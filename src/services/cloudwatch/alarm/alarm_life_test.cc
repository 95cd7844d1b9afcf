// Alarms over time: evaluated as the clock goes on, remembered over restarts, acting through the directory.
#include "services/cloudwatch/testing/cloudwatch_harness.h"

namespace outcrop::cloudwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AlarmLife : public CloudwatchHarness {
 public:
  void put_alarm(PutMetricAlarmInput input) {
    auto made = run(put_metric_alarm, std::move(input));
    ASSERT_TRUE(made) << made.error().message;
  }
  std::string refusal(PutMetricAlarmInput input) {
    auto made = run(put_metric_alarm, std::move(input));
    return made ? "none" : made.error().code + ": " + made.error().message;
  }
};

TEST_F(AlarmLife, GoesThroughAllStates) {
  to_the_minute();
  put_alarm(alarm("a"));
  EXPECT_EQ(state("a"), "INSUFFICIENT_DATA");
  EXPECT_EQ(*shown("a").state_reason, "Unchecked: Initial alarm creation");
  put("errors", 1);
  advance(1min + 5s);
  EXPECT_EQ(state("a"), "OK");
  put("errors", 10);
  advance(1min);
  EXPECT_EQ(state("a"), "ALARM");
  EXPECT_THAT(*shown("a").state_reason, HasSubstr("was greater than the threshold (5.0)."));
  auto data = json::parse(*shown("a").state_reason_data);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->find("statistic")->as_string(), "Sum");
  EXPECT_EQ(json::write(*data->find("recentDatapoints")), "[10.0]");
  advance(10min);
  EXPECT_EQ(state("a"), "INSUFFICIENT_DATA");
  EXPECT_EQ(*shown("a").state_reason, "Insufficient Data: 1 datapoint was unknown.");
  EXPECT_THAT(history("a"), ElementsAre("Alarm \"a\" created", "Alarm updated from INSUFFICIENT_DATA to OK",
                                        "Alarm updated from OK to ALARM", "Alarm updated from ALARM to INSUFFICIENT_DATA"));
}

TEST_F(AlarmLife, GoesOnAfterARestart) {
  to_the_minute();
  put_alarm(alarm("a"));
  put("errors", 10);
  restart();
  advance(1min + 5s);
  EXPECT_EQ(state("a"), "ALARM");
  restart();
  EXPECT_EQ(state("a"), "ALARM");
  put("errors", 1);
  advance(1min);
  EXPECT_EQ(state("a"), "OK");
}

TEST_F(AlarmLife, IsEvaluatedAgainAfterItsShardFailed) {
  to_the_minute();
  put_alarm(alarm("a"));
  world.store.fail_writes(1);
  EXPECT_FALSE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = "OK", .state_reason = "x"}));
  EXPECT_EQ(state("a"), "INSUFFICIENT_DATA");
  put("errors", 10);
  advance(1min + 5s);
  EXPECT_EQ(state("a"), "ALARM");
}

TEST_F(AlarmLife, HighResolutionIsEvaluatedEveryTenSeconds) {
  to_the_minute();
  PutMetricAlarmInput fine = alarm("a");
  fine.period = 10;
  put_alarm(fine);
  MetricDatum value = datum("errors", 10);
  value.storage_resolution = 1;
  ASSERT_TRUE(put(value));
  advance(13s);
  EXPECT_EQ(state("a"), "ALARM");
}

TEST_F(AlarmLife, MathIsWatched) {
  to_the_minute();
  PutMetricAlarmInput math = alarm("a");
  math.metric_name = math.namespace_ = math.statistic = std::nullopt;
  math.period = std::nullopt;
  MetricDataQuery errors = query({"errors"}), requests = query({"requests"});
  errors.id = "errors";
  requests.id = "requests";
  errors.return_data = requests.return_data = false;
  math.metrics = std::vector{MetricDataQuery{.id = "rate", .expression = "errors/requests*100", .return_data = true}, errors, requests};
  put_alarm(math);
  put("errors", 1);
  put("requests", 10);
  advance(1min + 5s);
  EXPECT_EQ(state("a"), "ALARM");
  EXPECT_THAT(*shown("a").state_reason, HasSubstr("1 datapoint [10.0 ("));
  EXPECT_EQ(shown("a").metrics->size(), 3u);
}

TEST_F(AlarmLife, StatesSetByHandLastUntilTheNextEvaluation) {
  to_the_minute();
  put_alarm(alarm("a"));
  put("errors", 1);
  advance(1min + 5s);
  ASSERT_EQ(state("a"), "OK");
  ASSERT_TRUE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = "ALARM", .state_reason = "testing"}));
  EXPECT_EQ(state("a"), "ALARM");
  EXPECT_EQ(*shown("a").state_reason, "testing");
  advance(1min);
  EXPECT_EQ(state("a"), "OK");
  EXPECT_EQ(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "none", .state_value = "OK", .state_reason = "x"}).error().code,
            "ResourceNotFound");
}

TEST_F(AlarmLife, PercentilesOfFewSamplesCanBeLeftAlone) {
  to_the_minute();
  PutMetricAlarmInput percentile = alarm("a");
  percentile.statistic = std::nullopt;
  percentile.extended_statistic = "p99";
  percentile.evaluate_low_sample_count_percentile = "ignore";
  put_alarm(percentile);
  put("errors", 10);
  advance(1min + 5s);
  EXPECT_EQ(state("a"), "INSUFFICIENT_DATA");
  ASSERT_TRUE(put({.metric_name = "errors", .values = std::vector<double>{10}, .counts = std::vector<double>{2000}}));
  advance(1min);
  EXPECT_EQ(state("a"), "ALARM");
}

TEST_F(AlarmLife, ActionsWhoseServiceIsMissingFailInTheHistory) {
  PutMetricAlarmInput acting = alarm("a");
  acting.alarm_actions = std::vector<std::string>{"arn:aws:sns:eu-central-1:111122223333:topic", "arn:aws:automate:eu-central-1:ec2:stop"};
  put_alarm(acting);
  ASSERT_TRUE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = "ALARM", .state_reason = "testing"}));
  world.executor.run_until_idle();
  EXPECT_THAT(
      history("a", "Action"),
      testing::UnorderedElementsAre(
          "Failed to execute action arn:aws:sns:eu-central-1:111122223333:topic. Received error: \"There is no service sns.\"",
          "Failed to execute action arn:aws:automate:eu-central-1:ec2:stop. Received error: \"Actions of automate are not supported.\""));
}

TEST_F(AlarmLife, DisabledActionsAreNotTaken) {
  PutMetricAlarmInput acting = alarm("a");
  acting.alarm_actions = std::vector<std::string>{"arn:aws:sns:eu-central-1:111122223333:topic"};
  acting.actions_enabled = false;
  put_alarm(acting);
  ASSERT_TRUE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = "ALARM", .state_reason = "testing"}));
  world.executor.run_until_idle();
  EXPECT_THAT(history("a", "Action"), testing::IsEmpty());
}

TEST_F(AlarmLife, UpdatingKeepsTheState) {
  put_alarm(alarm("a"));
  ASSERT_TRUE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = "ALARM", .state_reason = "testing"}));
  PutMetricAlarmInput changed = alarm("a");
  changed.threshold = 7;
  put_alarm(changed);
  EXPECT_EQ(state("a"), "ALARM");
  EXPECT_EQ(shown("a").threshold, 7);
  EXPECT_EQ(history("a").back(), "Alarm \"a\" updated");
}

TEST_F(AlarmLife, HistoryOutlivesTheAlarmByThirtyDays) {
  const size_t before = stored_keys();
  put_alarm(alarm("a"));
  ASSERT_TRUE(run(delete_alarms, DeleteAlarmsInput{.alarm_names = {"a", "never there"}}));
  EXPECT_THAT(history("a"), ElementsAre("Alarm \"a\" created", "Alarm \"a\" deleted"));
  advance(24h * 29);
  EXPECT_EQ(history("a").size(), 2u);
  advance(24h * 3);
  EXPECT_EQ(history("a").size(), 0u);
  EXPECT_EQ(stored_keys(), before);
}

TEST_F(AlarmLife, HistoryComesInPages) {
  advance(10s);  // no evaluation comes between
  put_alarm(alarm("a"));
  put_alarm(alarm("b"));
  for (int i = 0; i < 5; ++i) {
    advance(1s);
    ASSERT_TRUE(run(set_alarm_state, SetAlarmStateInput{.alarm_name = "a", .state_value = i % 2 ? "OK" : "ALARM", .state_reason = "x"}));
  }
  DescribeAlarmHistoryInput input{.max_records = 2};
  std::vector<Instant> times;
  do {
    auto page = run(describe_alarm_history, input);
    for (const AlarmHistoryItem& item : *page->alarm_history_items) times.push_back(*item.timestamp);
    input.next_token = page->next_token;
  } while (input.next_token);
  EXPECT_EQ(times.size(), 7u);
  EXPECT_TRUE(std::ranges::is_sorted(times, std::greater()));
}

TEST_F(AlarmLife, AlarmsAreDescribedInPagesByName) {
  for (int i = 0; i < 7; ++i) put_alarm(alarm(fmt::format("alarm-{}", i)));
  put_alarm(alarm("other"));
  DescribeAlarmsInput input{.alarm_name_prefix = "alarm-", .max_records = 3};
  std::vector<std::string> names;
  do {
    auto page = run(describe_alarms, input);
    for (const MetricAlarm& each : *page->metric_alarms) names.push_back(*each.alarm_name);
    input.next_token = page->next_token;
  } while (input.next_token);
  EXPECT_THAT(names, ElementsAre("alarm-0", "alarm-1", "alarm-2", "alarm-3", "alarm-4", "alarm-5", "alarm-6"));
}

TEST_F(AlarmLife, WhatIsWrongIsRefused) {
  PutMetricAlarmInput input = alarm("a");
  input.period = 15;
  EXPECT_EQ(refusal(input), "ValidationException: Period must be 10, 20, 30 or a multiple of 60");
  input = alarm("a");
  input.evaluation_periods = 1441;
  EXPECT_THAT(refusal(input), HasSubstr("Metrics cannot be checked across more than a day"));
  input.period = 3600;
  EXPECT_THAT(refusal(input), HasSubstr("Metrics cannot be checked across more than a week"));
  input = alarm("a");
  input.datapoints_to_alarm = 2;
  EXPECT_THAT(refusal(input), HasSubstr("DatapointsToAlarm"));
  input = alarm("a");
  input.comparison_operator = "GreaterThanUpperThreshold";
  EXPECT_THAT(refusal(input), HasSubstr("anomaly detection is not"));
  input = alarm("a");
  input.treat_missing_data = "sometimes";
  EXPECT_THAT(refusal(input), HasSubstr("Supported values are [breaching, notBreaching, ignore, missing]"));
  input = alarm("a");
  input.alarm_actions = std::vector<std::string>{"topic"};
  EXPECT_EQ(refusal(input), "ValidationException: Invalid arn syntax: topic");
  input = alarm("a");
  input.threshold = NAN;
  EXPECT_EQ(refusal(input), "ValidationException: The parameter Threshold must be a finite number.");
  input = alarm("a");
  input.metrics = std::vector{query({"errors"})};
  EXPECT_THAT(refusal(input), HasSubstr("mutually exclusive"));
}

}  // namespace
}  // namespace outcrop::cloudwatch
