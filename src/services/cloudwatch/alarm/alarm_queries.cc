#include "services/cloudwatch/alarm/alarm_queries.h"

#include <algorithm>

#include "services/cloudwatch/alarm/shard_alarms.h"
#include "services/cloudwatch/limits.h"

namespace outcrop::cloudwatch {
namespace {

std::vector<MetricDataQuery> queries_of(const AlarmRecord& alarm) {
  if (alarm.metric) return {query_of(*alarm.metric)};
  std::vector<MetricDataQuery> queries;
  for (const StoredQuery& stored : *alarm.metrics) queries.push_back(query_of(stored));
  return queries;
}

bool is_left_alone(const AlarmRecord& alarm, const AlarmPoints& points) {
  if (alarm.evaluate_low_sample_count_percentile != "ignore" || !alarm.metric) return false;
  auto statistic = Statistic::extended(alarm.metric->stat.value_or(""));
  if (!statistic || statistic->kind != Statistic::Kind::percentile) return false;
  double samples = 0;
  for (size_t i = 0; i < points.range.size() && i < size_t(alarm.evaluation_periods); ++i) samples += points.range[i].samples;
  return is_low_sample(*statistic->upper, samples);
}

}  // namespace

MetricDataQuery query_of(const StoredQuery& stored) {
  MetricDataQuery query;
  query.id = stored.id;
  query.label = stored.label;
  query.return_data = stored.return_data;
  if (stored.expression) {
    query.expression = stored.expression;
    query.period = stored.period;
    return query;
  }
  MetricStat& stat = query.metric_stat.emplace();
  stat.metric.namespace_ = stored.namespace_;
  stat.metric.metric_name = stored.metric_name;
  if (stored.dimensions) {
    stat.metric.dimensions.emplace();
    for (const StoredDimension& dimension : *stored.dimensions) stat.metric.dimensions->push_back({dimension.name, dimension.value});
  }
  stat.period = stored.period.value_or(60);
  stat.stat = stored.stat.value_or("");
  stat.unit = stored.unit;
  return query;
}

StoredQuery stored_query(const MetricDataQuery& query) {
  StoredQuery stored;
  stored.id = query.id;
  stored.label = query.label;
  stored.return_data = query.return_data;
  stored.expression = query.expression;
  stored.period = query.period;
  if (!query.metric_stat) return stored;
  const MetricStat& stat = *query.metric_stat;
  stored.namespace_ = stat.metric.namespace_;
  stored.metric_name = stat.metric.metric_name;
  if (stat.metric.dimensions) {
    stored.dimensions.emplace();
    for (const Dimension& dimension : *stat.metric.dimensions) stored.dimensions->push_back({dimension.name, dimension.value, {}});
  }
  stored.period = stat.period;
  stored.stat = stat.stat;
  stored.unit = stat.unit;
  return stored;
}

Task<Result<AlarmPoints>> read_alarm_points(Queries queries, const AlarmRecord& alarm, int64_t end_s) {
  const int64_t period_s = ShardAlarms::period_s(alarm);
  const int32_t periods = alarm.evaluation_periods + limits::alarm_range_extra;
  const int64_t from_s = end_s - periods * period_s;
  const std::vector<MetricDataQuery> given = queries_of(alarm);
  const std::vector<Query> checked = co_await check_queries(given, queries.place().account);
  auto results = co_await queries.evaluate(checked, {.start = Instant(Seconds(from_s)), .end = Instant(Seconds(end_s)), .rounded = false});
  AlarmPoints points;
  for (int32_t i = 1; i <= periods; ++i) points.range.push_back({.time_s = end_s - i * period_s, .value = std::nullopt});
  const auto watched = std::ranges::find_if(results, [](const QueryResult& result) { return result.query->returns; });
  if (watched == results.end() || watched->series.size() != 1)
    co_return fail("ValidationException", 400, "The alarm's expression does not give exactly one time series.");
  for (const Point& point : watched->series.front().points) {
    const int64_t back = (end_s - point.time_s + period_s - 1) / period_s;
    if (back < 1 || back > periods) continue;
    AlarmPoint& at = points.range[size_t(back - 1)];
    at.value = point.value;
    at.samples = point.samples;
  }
  points.has_few_samples = is_left_alone(alarm, points);
  co_return points;
}

}  // namespace outcrop::cloudwatch
