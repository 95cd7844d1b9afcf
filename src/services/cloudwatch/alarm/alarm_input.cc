#include "services/cloudwatch/alarm/alarm_input.h"

#include <algorithm>
#include <cmath>

#include "services/cloudwatch/alarm/alarm_queries.h"
#include "services/cloudwatch/alarm/alarm_text.h"
#include "services/cloudwatch/alarm/deliver.h"
#include "services/cloudwatch/alarm/shard_alarms.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/metric/reading.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {
namespace {

constexpr std::string_view anomaly_comparisons[] = {"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold",
                                                    "GreaterThanUpperThreshold"};

bool is_alarm_period(int32_t period_s) { return period_s >= 10 && period_s != 1 && period_s != 5 && is_period(period_s); }

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return uint8_t(c) < 32 || c == 127; });
}

Result<void> check_unbuilt(const PutMetricAlarmInput& input) {
  if (input.evaluation_criteria || input.evaluation_interval)
    return fail(validation_exception("The parameters EvaluationCriteria and EvaluationInterval are not supported: PromQL is not."));
  if (input.threshold_metric_id)
    return fail(validation_exception("The parameter ThresholdMetricId is not supported: anomaly detection is not."));
  if (input.comparison_operator && std::ranges::find(anomaly_comparisons, *input.comparison_operator) != std::end(anomaly_comparisons))
    return fail(validation_exception(
        fmt::format("The comparison operator {} is not supported: anomaly detection is not.", *input.comparison_operator)));
  return {};
}

Result<void> check_choices(const PutMetricAlarmInput& input) {
  if (!input.comparison_operator) return fail(validation_exception("The parameter ComparisonOperator is required."));
  if (!input.evaluation_periods) return fail(validation_exception("The parameter EvaluationPeriods is required."));
  if (!input.threshold) return fail(validation_exception("The parameter Threshold is required for alarms based on static thresholds."));
  if (!std::isfinite(*input.threshold)) return fail(validation_exception("The parameter Threshold must be a finite number."));
  if (input.datapoints_to_alarm && *input.datapoints_to_alarm > *input.evaluation_periods)
    return fail(validation_exception("The parameter DatapointsToAlarm must not be greater than EvaluationPeriods."));
  const std::string treat = input.treat_missing_data.value_or("missing");
  if (treat != "missing" && treat != "ignore" && treat != "breaching" && treat != "notBreaching")
    return fail(
        validation_exception(fmt::format("The value {} is not supported for TreatMissingData parameter. Supported values are [breaching, "
                                         "notBreaching, ignore, missing].",
                                         treat)));
  const std::string low = input.evaluate_low_sample_count_percentile.value_or("evaluate");
  if (low != "evaluate" && low != "ignore")
    return fail(validation_exception(fmt::format(
        "Option {} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.", low)));
  if (has_control_characters(input.alarm_name))
    return fail(validation_exception("The parameter AlarmName must not contain control characters."));
  return {};
}

Result<void> check_actions(const PutMetricAlarmInput& input) {
  for (const auto* actions : {&input.ok_actions, &input.alarm_actions, &input.insufficient_data_actions}) {
    if (!*actions) continue;
    for (const std::string& action : **actions)
      if (!is_action(action)) return fail(validation_exception(fmt::format("Invalid arn syntax: {}", action)));
  }
  return {};
}

Result<void> check_window(int64_t period_s, int64_t periods) {
  if (period_s < 3600 && period_s * periods > limits::alarm_window_s_max)
    return fail(
        validation_exception("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400) for alarms "
                             "using period < 3600"));
  if (period_s * periods > limits::alarm_window_long_s_max)
    return fail(
        validation_exception("Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800) for "
                             "alarms using period >= 3600"));
  return {};
}

Result<StoredQuery> metric_of(const PutMetricAlarmInput& input) {
  if (!input.namespace_) return fail(validation_exception("The parameter Namespace is required."));
  if (!input.period) return fail(validation_exception("The parameter Period is required."));
  if (!is_alarm_period(*input.period)) return fail(validation_exception("Period must be 10, 20, 30 or a multiple of 60"));
  if (input.statistic && input.extended_statistic) return fail(exclusive("Statistic", "ExtendedStatistic"));
  if (!input.statistic && !input.extended_statistic)
    return fail(validation_exception("One of the parameters Statistic and ExtendedStatistic is required."));
  if (input.extended_statistic && !Statistic::extended(*input.extended_statistic))
    return fail(
        validation_exception(fmt::format("The value {} for parameter ExtendedStatistic is not supported.", *input.extended_statistic)));
  StoredQuery metric;
  metric.id = "m1";
  metric.namespace_ = input.namespace_;
  metric.metric_name = input.metric_name;
  metric.dimensions.emplace();
  if (input.dimensions)
    for (const Dimension& dimension : *input.dimensions) metric.dimensions->push_back({dimension.name, dimension.value, {}});
  metric.period = input.period;
  metric.stat = input.statistic ? input.statistic : input.extended_statistic;
  metric.unit = input.unit;
  return metric;
}

// Math alarms: one query is watched, all metrics have one period (User Guide, "Alarms on math expressions").
Result<std::vector<StoredQuery>> metrics_of(const PutMetricAlarmInput& input, const Place& place) {
  if (input.namespace_ || input.period || input.statistic || input.extended_statistic || input.dimensions || input.unit)
    return fail(
        validation_exception("The parameters MetricName, Namespace, Dimensions, Period, Unit, Statistic and ExtendedStatistic must not be "
                             "specified with Metrics."));
  if (input.metrics->size() > limits::alarm_queries_max)
    return fail(
        validation_exception(fmt::format("The collection Metrics must not have a size greater than {}.", limits::alarm_queries_max)));
  auto checked = check_queries(*input.metrics, place.account);
  if (!checked) return fail(std::move(checked.error()));
  if (std::ranges::count_if(*checked, [](const Query& query) { return query.metric.has_value(); }) > int64_t(limits::alarm_metrics_max))
    return fail(validation_exception(fmt::format("An alarm can use at most {} metrics.", limits::alarm_metrics_max)));
  if (std::ranges::count(*checked, true, &Query::returns) != 1)
    return fail(validation_exception("Exactly one element of the metrics list should return data."));
  int32_t period_s = 0;
  for (const Query& query : *checked) {
    if (!query.period_s) continue;
    if (!is_alarm_period(*query.period_s)) return fail(validation_exception("Period must be 10, 20, 30 or a multiple of 60"));
    if (period_s != 0 && period_s != *query.period_s)
      return fail(validation_exception("All metrics of an alarm must have the same period."));
    period_s = *query.period_s;
  }
  if (period_s == 0) return fail(validation_exception("An alarm needs a metric, or an expression with a Period."));
  std::vector<StoredQuery> metrics;
  for (const MetricDataQuery& query : *input.metrics) metrics.push_back(stored_query(query));
  return metrics;
}

}  // namespace

Result<AlarmRecord> alarm_of(const PutMetricAlarmInput& input, const Place& place) {
  for (auto check : {check_unbuilt, check_choices, check_actions})
    if (auto fine = check(input); !fine) return fail(std::move(fine.error()));
  if (input.metric_name && input.metrics) return fail(exclusive("MetricName", "Metrics"));
  AlarmRecord alarm;
  alarm.name = input.alarm_name;
  alarm.description = input.alarm_description;
  alarm.actions_enabled = input.actions_enabled.value_or(true);
  alarm.ok_actions = input.ok_actions.value_or(std::vector<std::string>());
  alarm.alarm_actions = input.alarm_actions.value_or(std::vector<std::string>());
  alarm.insufficient_data_actions = input.insufficient_data_actions.value_or(std::vector<std::string>());
  alarm.evaluation_periods = *input.evaluation_periods;
  alarm.datapoints_to_alarm = input.datapoints_to_alarm;
  alarm.threshold = *input.threshold;
  alarm.comparison_operator = *input.comparison_operator;
  alarm.treat_missing_data = input.treat_missing_data;
  alarm.evaluate_low_sample_count_percentile = input.evaluate_low_sample_count_percentile;
  if (input.metrics) {
    auto metrics = metrics_of(input, place);
    if (!metrics) return fail(std::move(metrics.error()));
    alarm.metrics = std::move(*metrics);
  } else {
    if (!input.metric_name) return fail(validation_exception("One of the parameters MetricName and Metrics is required."));
    auto metric = metric_of(input);
    if (!metric) return fail(std::move(metric.error()));
    alarm.metric = std::move(*metric);
  }
  if (auto fine = check_window(ShardAlarms::period_s(alarm), alarm.evaluation_periods); !fine) return fail(std::move(fine.error()));
  return alarm;
}

Result<wire::Map<std::string>> tags_of(const std::vector<Tag>& tags) {
  if (tags.size() > limits::tags_max)
    return fail(validation_exception(fmt::format("An alarm can have at most {} tags.", limits::tags_max)));
  wire::Map<std::string> map;
  for (const Tag& tag : tags) {
    if (tag.key.starts_with("aws:"))
      return fail(validation_exception(fmt::format("The tag key {} is reserved: it begins with aws:.", tag.key)));
    map[tag.key] = tag.value;
  }
  return map;
}

MetricAlarm shown_alarm(const AlarmRecord& record, const Place& place) {
  MetricAlarm alarm;
  alarm.alarm_name = record.name;
  alarm.alarm_arn = alarm_arn(place, record.name);
  alarm.alarm_description = record.description;
  alarm.alarm_configuration_updated_timestamp = record.configuration_updated;
  alarm.actions_enabled = record.actions_enabled;
  alarm.ok_actions = record.ok_actions;
  alarm.alarm_actions = record.alarm_actions;
  alarm.insufficient_data_actions = record.insufficient_data_actions;
  alarm.state_value = record.state.value;
  alarm.state_reason = record.state.reason;
  alarm.state_reason_data = record.state.reason_data;
  alarm.state_updated_timestamp = record.state.updated;
  alarm.state_transitioned_timestamp = record.state.transitioned;
  alarm.evaluation_periods = record.evaluation_periods;
  alarm.datapoints_to_alarm = record.datapoints_to_alarm;
  alarm.threshold = record.threshold;
  alarm.comparison_operator = record.comparison_operator;
  alarm.treat_missing_data = record.treat_missing_data;
  alarm.evaluate_low_sample_count_percentile = record.evaluate_low_sample_count_percentile;
  if (record.metrics) {
    alarm.metrics.emplace();
    for (const StoredQuery& query : *record.metrics) alarm.metrics->push_back(query_of(query));
    return alarm;
  }
  const MetricStat stat = *query_of(*record.metric).metric_stat;
  alarm.metric_name = stat.metric.metric_name;
  alarm.namespace_ = stat.metric.namespace_;
  alarm.dimensions = stat.metric.dimensions;
  alarm.period = stat.period;
  alarm.unit = stat.unit;
  (Statistic::simple(stat.stat) ? alarm.statistic : alarm.extended_statistic) = stat.stat;
  return alarm;
}

}  // namespace outcrop::cloudwatch
