#include "services/cloudwatch/alarm/alarm_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/metric/statistic.h"
#include "services/cloudwatch/text/number_text.h"

namespace outcrop::cloudwatch {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr size_t subject_length_max = 100;  // Amazon SNS API Reference, Publish: Subject

// What is no number in JSON becomes a text.
Value real(double number) { return std::isfinite(number) ? Value::number(number_text(number)) : Value(number_text(number)); }

Value texts(const std::vector<std::string>& list) {
  Array array;
  for (const std::string& text : list) array.emplace_back(text);
  return array;
}

Value dimension_pairs(const std::vector<StoredDimension>& dimensions) {
  Array array;
  for (const StoredDimension& dimension : dimensions) array.emplace_back(Object{{"value", dimension.value}, {"name", dimension.name}});
  return array;
}

bool is_simple(const StoredQuery& metric) { return Statistic::simple(metric.stat.value_or("")).has_value(); }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  return out;
}

// The statistic as notifications write it: AVERAGE, SAMPLE_COUNT.
std::string notified_statistic(std::string_view name) { return name == "SampleCount" ? "SAMPLE_COUNT" : upper(name); }

std::vector<StoredDimension> dimensions_of(const StoredQuery& query) { return query.dimensions.value_or(std::vector<StoredDimension>()); }

// A query with names that begin as `metric_stat` says: as in notifications, or as in functions' events.
Value notified_query(const StoredQuery& query) {
  Object object{{"Id", query.id}};
  if (query.expression) {
    object.set("Expression", *query.expression);
    if (query.period) object.set("Period", *query.period);
  } else {
    Object metric{{"Dimensions", dimension_pairs(dimensions_of(query))},
                  {"MetricName", query.metric_name.value_or("")},
                  {"Namespace", query.namespace_.value_or("")}};
    Object stat{{"Metric", std::move(metric)}, {"Period", query.period.value_or(60)}, {"Stat", query.stat.value_or("")}};
    if (query.unit) stat.set("Unit", *query.unit);
    object.set("MetricStat", std::move(stat));
  }
  if (query.label) object.set("Label", *query.label);
  object.set("ReturnData", query.return_data.value_or(true));
  return object;
}

Value event_query(const StoredQuery& query, std::string_view id) {
  Object object{{"id", id}};
  if (query.expression) {
    object.set("expression", *query.expression);
  } else {
    Object dimensions;
    for (const StoredDimension& dimension : dimensions_of(query)) dimensions.set(dimension.name, dimension.value);
    Object metric{
        {"namespace", query.namespace_.value_or("")}, {"name", query.metric_name.value_or("")}, {"dimensions", std::move(dimensions)}};
    Object stat{{"metric", std::move(metric)}, {"period", query.period.value_or(60)}, {"stat", query.stat.value_or("")}};
    if (query.unit) stat.set("unit", *query.unit);
    object.set("metricStat", std::move(stat));
  }
  if (query.label) object.set("label", *query.label);
  object.set("returnData", query.return_data.value_or(true));
  return object;
}

Array event_queries(const AlarmRecord& alarm, std::string_view metric_id) {
  Array queries;
  if (alarm.metric) queries.push_back(event_query(*alarm.metric, metric_id));
  if (alarm.metrics)
    for (const StoredQuery& query : *alarm.metrics) queries.push_back(event_query(query, query.id));
  return queries;
}

Object trigger(const AlarmRecord& alarm) {
  Object trigger;
  if (const auto& metric = alarm.metric) {
    const std::string stat = metric->stat.value_or("");
    trigger = {{"MetricName", metric->metric_name.value_or("")}, {"Namespace", metric->namespace_.value_or("")}};
    trigger.set("StatisticType", is_simple(*metric) ? "Statistic" : "ExtendedStatistic");
    trigger.set(is_simple(*metric) ? "Statistic" : "ExtendedStatistic", is_simple(*metric) ? notified_statistic(stat) : stat);
    trigger.set("Unit", metric->unit ? Value(*metric->unit) : Value());
    trigger.set("Dimensions", dimension_pairs(dimensions_of(*metric)));
    trigger.set("Period", metric->period.value_or(60));
  }
  trigger.set("EvaluationPeriods", alarm.evaluation_periods);
  if (alarm.datapoints_to_alarm) trigger.set("DatapointsToAlarm", *alarm.datapoints_to_alarm);
  trigger.set("ComparisonOperator", alarm.comparison_operator);
  trigger.set("Threshold", real(alarm.threshold));
  trigger.set("TreatMissingData", alarm.treat_missing_data.value_or(""));
  trigger.set("EvaluateLowSampleCountPercentile", alarm.evaluate_low_sample_count_percentile.value_or(""));
  if (alarm.metrics) {
    Array metrics;
    for (const StoredQuery& query : *alarm.metrics) metrics.push_back(notified_query(query));
    trigger.set("Metrics", std::move(metrics));
  }
  return trigger;
}

// The alarm as its history shows it: members in camel case.
Object configuration(const Place& place, const AlarmRecord& alarm) {
  Object object{{"alarmName", alarm.name}};
  if (alarm.description) object.set("alarmDescription", *alarm.description);
  object.set("alarmArn", alarm_arn(place, alarm.name));
  object.set("alarmConfigurationUpdatedTimestamp", time_text(alarm.configuration_updated));
  if (const auto& metric = alarm.metric) {
    object.set("namespace", metric->namespace_.value_or(""));
    object.set("metricName", metric->metric_name.value_or(""));
    object.set(is_simple(*metric) ? "statistic" : "extendedStatistic", metric->stat.value_or(""));
    object.set("period", metric->period.value_or(60));
    if (metric->unit) object.set("unit", *metric->unit);
    object.set("dimensions", dimension_pairs(dimensions_of(*metric)));
  }
  if (alarm.metrics) object.set("metrics", event_queries(alarm, ""));
  object.set("threshold", real(alarm.threshold));
  object.set("comparisonOperator", alarm.comparison_operator);
  object.set("evaluationPeriods", alarm.evaluation_periods);
  if (alarm.datapoints_to_alarm) object.set("datapointsToAlarm", *alarm.datapoints_to_alarm);
  if (alarm.treat_missing_data) object.set("treatMissingData", *alarm.treat_missing_data);
  if (alarm.evaluate_low_sample_count_percentile)
    object.set("evaluateLowSampleCountPercentile", *alarm.evaluate_low_sample_count_percentile);
  object.set("stateValue", alarm.state.value);
  object.set("stateUpdatedTimestamp", time_text(alarm.state.updated));
  object.set("actionsEnabled", alarm.actions_enabled);
  object.set("alarmActions", texts(alarm.alarm_actions));
  object.set("insufficientDataActions", texts(alarm.insufficient_data_actions));
  object.set("okactions", texts(alarm.ok_actions));
  return object;
}

Object state_of(const AlarmState& state, bool with_data) {
  Object object{{"stateValue", state.value}, {"stateReason", state.reason}};
  if (!with_data || !state.reason_data) return object;
  auto data = json::parse(*state.reason_data);
  if (data) object.set("stateReasonData", std::move(*data));
  return object;
}

Object event_state(const AlarmState& state) {
  Object object{{"value", state.value}, {"reason", state.reason}};
  if (state.reason_data) object.set("reasonData", *state.reason_data);
  object.set("timestamp", time_text(state.updated));
  return object;
}

struct RegionName {
  std::string_view code, name;
};
// AWS General Reference, "AWS regional endpoints".
constexpr RegionName region_names[] = {{"us-east-1", "US East (N. Virginia)"},
                                       {"us-east-2", "US East (Ohio)"},
                                       {"us-west-1", "US West (N. California)"},
                                       {"us-west-2", "US West (Oregon)"},
                                       {"ap-south-1", "Asia Pacific (Mumbai)"},
                                       {"ap-northeast-1", "Asia Pacific (Tokyo)"},
                                       {"ap-northeast-2", "Asia Pacific (Seoul)"},
                                       {"ap-northeast-3", "Asia Pacific (Osaka)"},
                                       {"ap-southeast-1", "Asia Pacific (Singapore)"},
                                       {"ap-southeast-2", "Asia Pacific (Sydney)"},
                                       {"ca-central-1", "Canada (Central)"},
                                       {"eu-central-1", "EU (Frankfurt)"},
                                       {"eu-west-1", "EU (Ireland)"},
                                       {"eu-west-2", "EU (London)"},
                                       {"eu-west-3", "EU (Paris)"},
                                       {"eu-north-1", "EU (Stockholm)"},
                                       {"sa-east-1", "South America (Sao Paulo)"}};

std::string_view region_name(std::string_view code) {
  for (const RegionName& region : region_names)
    if (region.code == code) return region.name;
  return code;
}

}  // namespace

std::string alarm_arn(const Place& place, std::string_view name) {
  return fmt::format("arn:aws:cloudwatch:{}:{}:alarm:{}", place.region, place.account, name);
}

std::string configuration_data(const Place& place, const AlarmRecord& alarm, std::string_view type) {
  const std::string_view member = type == "Create" ? "createdAlarm" : type == "Update" ? "updatedAlarm" : "deletedAlarm";
  std::string data = json::write(Object{{"version", "1.0"}, {"type", type}, {member, configuration(place, alarm)}});
  if (data.size() <= limits::history_data_length_max) return data;
  return json::write(Object{{"version", "1.0"}, {"type", type}});  // what does not fit is left out whole: cut JSON is none
}

std::string state_data(const AlarmState& from, const AlarmState& to) {
  for (bool with_old : {true, false}) {
    std::string data = json::write(Object{{"version", "1.0"}, {"oldState", state_of(from, with_old)}, {"newState", state_of(to, true)}});
    if (data.size() <= limits::history_data_length_max) return data;
  }
  return json::write(
      Object{{"version", "1.0"}, {"oldState", Object{{"stateValue", from.value}}}, {"newState", Object{{"stateValue", to.value}}}});
}

std::string action_data(const PendingAction& action, std::string_view published, std::string_view error) {
  Object data{{"actionState", error.empty() ? "Succeeded" : "Failed"},
              {"stateUpdateTimestamp", ms_since_epoch(action.to.updated)},
              {"notificationResource", action.action}};
  data.set("publishedMessage", published.empty() ? Value() : Value(published));
  data.set("error", error.empty() ? Value() : Value(error));
  std::string text = json::write(data);
  if (text.size() <= limits::history_data_length_max) return text;
  data.set("publishedMessage", Value());
  return json::write(data);
}

std::string reason_data(const AlarmRecord& alarm, const AlarmVerdict& verdict, int32_t period_s, Instant queried) {
  Object data{{"version", "1.0"}, {"queryDate", time_text(queried)}};
  Array recent, evaluated;
  for (const AlarmPoint& point : verdict.evaluated) {
    Object shown{{"timestamp", time_text(Instant(Seconds(point.time_s)))}};
    if (point.value) {
      recent.insert(recent.begin(), real(*point.value));
      if (point.samples > 0) shown.set("sampleCount", real(point.samples));
      shown.set("value", real(*point.value));
      data.set("startDate", time_text(Instant(Seconds(point.time_s))));  // of the earliest: the last one here
    }
    evaluated.emplace_back(std::move(shown));
  }
  if (alarm.metric && alarm.metric->unit) data.set("unit", *alarm.metric->unit);
  if (alarm.metric) data.set("statistic", alarm.metric->stat.value_or(""));
  data.set("period", period_s);
  data.set("recentDatapoints", std::move(recent));
  data.set("threshold", real(alarm.threshold));
  data.set("evaluatedDatapoints", std::move(evaluated));
  std::string text = json::write(data);
  constexpr size_t reason_data_length_max = 4000;  // API, MetricAlarm: StateReasonData
  if (text.size() <= reason_data_length_max) return text;
  data.erase("evaluatedDatapoints");
  text = json::write(data);
  if (text.size() <= reason_data_length_max) return text;
  data.set("recentDatapoints", Array());
  return json::write(data);
}

std::string notification_subject(const Place& place, const PendingAction& action) {
  std::string subject = fmt::format("{}: \"{}\" in {}", action.to.value, action.alarm_name, region_name(place.region));
  if (subject.size() > subject_length_max) subject = subject.substr(0, subject_length_max - 3) + "...";
  return subject;
}

std::string notification(const Place& place, const AlarmRecord& alarm, const PendingAction& action) {
  Object message{{"AlarmName", alarm.name}};
  message.set("AlarmDescription", alarm.description ? Value(*alarm.description) : Value());
  message.set("AWSAccountId", place.account);
  message.set("AlarmConfigurationUpdatedTimestamp", time_text(alarm.configuration_updated));
  message.set("NewStateValue", action.to.value);
  message.set("NewStateReason", action.to.reason);
  message.set("StateChangeTime", time_text(action.to.updated));
  message.set("Region", region_name(place.region));
  message.set("AlarmArn", alarm_arn(place, alarm.name));
  message.set("OldStateValue", action.from.value);
  message.set("OKActions", texts(alarm.ok_actions));
  message.set("AlarmActions", texts(alarm.alarm_actions));
  message.set("InsufficientDataActions", texts(alarm.insufficient_data_actions));
  message.set("Trigger", trigger(alarm));
  return json::write(message);
}

std::string lambda_event(const Place& place, const AlarmRecord& alarm, const PendingAction& action, std::string_view metric_id) {
  Object configuration;
  if (alarm.description) configuration.set("description", *alarm.description);
  configuration.set("metrics", event_queries(alarm, metric_id));
  Object data{{"alarmName", alarm.name}, {"state", event_state(action.to)}, {"previousState", event_state(action.from)}};
  data.set("configuration", std::move(configuration));
  return json::write(Object{{"source", "aws.cloudwatch"},
                            {"alarmArn", alarm_arn(place, alarm.name)},
                            {"accountId", place.account},
                            {"time", time_text(action.to.updated)},
                            {"region", place.region},
                            {"alarmData", std::move(data)}});
}

}  // namespace outcrop::cloudwatch
