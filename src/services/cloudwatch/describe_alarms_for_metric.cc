#include "gen/cloudwatch/describe_alarms_for_metric.h"

#include <algorithm>

#include "services/cloudwatch/alarm/alarm_input.h"
#include "services/cloudwatch/cloudwatch.h"

namespace outcrop::cloudwatch {
namespace {

bool is_of_metric(const StoredQuery& query, const MetricIdentity& metric) {
  if (!query.metric_name) return false;
  const auto own =
      MetricIdentity::of(query.namespace_.value_or(""), *query.metric_name, query.dimensions.value_or(std::vector<StoredDimension>()));
  return own.text() == metric.text();
}

bool is_as_asked(const AlarmRecord& alarm, const DescribeAlarmsForMetricInput& input, const MetricIdentity& metric) {
  if (!alarm.metric) return std::ranges::any_of(*alarm.metrics, [&](const StoredQuery& query) { return is_of_metric(query, metric); });
  const StoredQuery& own = *alarm.metric;
  return is_of_metric(own, metric) && (!input.statistic || own.stat == input.statistic) &&
         (!input.extended_statistic || own.stat == input.extended_statistic) && (!input.period || own.period == input.period) &&
         (!input.unit || own.unit == input.unit);
}

}  // namespace

// The alarms that watch a metric, by itself or in an expression.
Task<Result<DescribeAlarmsForMetricOutput>> describe_alarms_for_metric(Cloudwatch& cloudwatch, Call& call,
                                                                       DescribeAlarmsForMetricInput input) {
  const Place place = place_of(call);
  const auto metric = MetricIdentity::of(input.namespace_, input.metric_name, input.dimensions.value_or(std::vector<Dimension>()));
  auto alarms =
      co_await cloudwatch.list_alarms(place, "", "", SIZE_MAX, [&](const AlarmRecord& alarm) { return is_as_asked(alarm, input, metric); });
  DescribeAlarmsForMetricOutput output{.metric_alarms = std::vector<MetricAlarm>()};
  for (const AlarmRecord& alarm : alarms) output.metric_alarms->push_back(shown_alarm(alarm, place));
  co_return output;
}

}  // namespace outcrop::cloudwatch
