#include "services/cloudwatch/query/queries.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/math/evaluate.h"
#include "services/cloudwatch/metric/reading.h"
#include "services/cloudwatch/query/label.h"
#include "services/cloudwatch/query/wording.h"

namespace outcrop::cloudwatch {
namespace {

bool is_query_id(std::string_view id) {
  if (id.empty() || id[0] < 'a' || id[0] > 'z') return false;
  return std::ranges::all_of(id,
                             [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

Fault in_expression(std::string_view id, const Fault& fault) {
  return validation_exception(fmt::format("Error in expression '{}': {}", id, fault.message));
}

Result<Query::Metric> check_metric(const MetricStat& stat, const std::string& path) {
  const Metric& metric = stat.metric;
  if (!metric.namespace_) return fail(validation_exception(fmt::format("The parameter {}.Metric.Namespace is required.", path)));
  if (!metric.metric_name) return fail(validation_exception(fmt::format("The parameter {}.Metric.MetricName is required.", path)));
  if (!is_period(stat.period)) return fail(validation_exception(fmt::format("The parameter {}.Period {}", path, period_wording)));
  auto statistic = Statistic::parse(stat.stat);
  if (!statistic) return fail(validation_exception(fmt::format("The value {} for parameter {}.Stat is not supported.", stat.stat, path)));
  Query::Metric checked{
      .identity = MetricIdentity::of(*metric.namespace_, *metric.metric_name, metric.dimensions.value_or(std::vector<Dimension>())),
      .statistic_name = stat.stat,
      .statistic = *statistic,
      .unit = std::nullopt};
  if (stat.unit) checked.unit = unit_of(*stat.unit);
  return checked;
}

Result<Query> check_query(const MetricDataQuery& given, std::string_view account, size_t position) {
  const std::string path = fmt::format("MetricDataQueries.member.{}", position + 1);
  if (!is_query_id(given.id))
    return fail(validation_exception(
        fmt::format("The value {} for parameter {}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.", given.id, path)));
  if (given.account_id && *given.account_id != account)
    return fail(validation_exception(
        fmt::format("The parameter {}.AccountId names another account; metrics of other accounts cannot be read.", path)));
  if (given.metric_stat.has_value() == given.expression.has_value())
    return fail(
        validation_exception(fmt::format("Exactly one of the parameters {}.MetricStat and {}.Expression must be specified.", path, path)));
  Query query{.id = given.id, .label = given.label, .returns = given.return_data.value_or(true)};
  if (given.label) {
    if (auto fine = check_label(*given.label); !fine) return fail(std::move(fine.error()));
  }
  if (given.metric_stat) {
    if (given.period)
      return fail(validation_exception(fmt::format("The parameter {}.Period must not be specified with MetricStat.", path)));
    auto metric = check_metric(*given.metric_stat, path + ".MetricStat");
    if (!metric) return fail(std::move(metric.error()));
    query.metric = std::move(*metric);
    query.period_s = given.metric_stat->period;
    return query;
  }
  if (given.period && !is_period(*given.period))
    return fail(validation_exception(fmt::format("The parameter {}.Period {}", path, period_wording)));
  query.period_s = given.period;
  auto expression = parse_expression(*given.expression);
  if (!expression) return fail(in_expression(given.id, expression.error()));
  query.expression = std::move(*expression);
  return query;
}

// Orders expressions so that each comes after those it refers to.
class Order {
 public:
  explicit Order(std::span<const Query> queries) : queries_(queries) {
    for (size_t i = 0; i < queries.size(); ++i) by_id_.emplace(queries[i].id, i);
  }

  Result<std::vector<size_t>> of_all() {
    for (size_t i = 0; i < queries_.size(); ++i)
      if (auto visited = visit(i); !visited) return fail(std::move(visited.error()));
    return std::move(order_);
  }

 private:
  enum class Mark : uint8_t { unseen, open, done };

  Result<void> visit(size_t position) {
    const Query& query = queries_[position];
    if (marks_[position] == Mark::done) return {};
    if (marks_[position] == Mark::open) return fail(in_expression(query.id, math_fault("The expression refers to itself")));
    marks_[position] = Mark::open;
    for (const std::string& id : query.expression ? ids_in(*query.expression) : std::vector<std::string>()) {
      auto found = by_id_.find(id);
      if (found == by_id_.end()) return fail(in_expression(query.id, math_fault(fmt::format("The id {} is not found", id))));
      if (auto visited = visit(found->second); !visited) return visited;
    }
    marks_[position] = Mark::done;
    order_.push_back(position);
    return {};
  }

  std::span<const Query> queries_;
  std::map<std::string_view, size_t> by_id_;
  std::vector<Mark> marks_ = std::vector<Mark>(queries_.size(), Mark::unseen);
  std::vector<size_t> order_;
};

std::string metric_label(const Query& query) { return query.label ? *query.label : query.metric->identity.name; }

// Time series of expressions are called as the expression; those of an array after what they were made of, too.
void name_series(QueryResult& result, bool is_array) {
  const Query& query = *result.query;
  for (Series& series : result.series) {
    const std::string own = query.label.value_or(query.id);
    if (!is_array)
      series.label = own;
    else if (query.label && query.label->empty())
      continue;
    else
      series.label = series.label.empty() ? own : own + " " + series.label;
  }
}

}  // namespace

int64_t TimeRange::from_s(Instant now, int32_t period_s) const {
  return rounded ? rounded_start_s(start, now, period_s) : seconds_since_epoch(start);
}

Result<std::vector<Query>> check_queries(std::span<const MetricDataQuery> given, std::string_view account) {
  if (given.empty()) return fail(validation_exception("The parameter MetricDataQueries is required."));
  if (given.size() > limits::queries_max)
    return fail(
        validation_exception(fmt::format("The collection MetricDataQueries must not have a size greater than {}.", limits::queries_max)));
  std::vector<Query> queries;
  for (const MetricDataQuery& query : given) {
    auto checked = check_query(query, account, queries.size());
    if (!checked) return fail(std::move(checked.error()));
    if (std::ranges::find(queries, checked->id, &Query::id) != queries.end())
      return fail(validation_exception("The values for parameter id in MetricDataQueries are not unique."));
    queries.push_back(std::move(*checked));
  }
  if (auto order = Order(queries).of_all(); !order) return fail(std::move(order.error()));
  return queries;
}

Task<Result<Series>> Queries::fetch(const Query& query, TimeRange range) {
  const Query::Metric& metric = *query.metric;
  Series series{metric_label(query), *query.period_s, {}};
  const Reading reading{.from_s = range.from_s(world_.clock.wall(), series.period_s),
                        .to_s = range.to_s(),
                        .period_s = series.period_s,
                        .unit = metric.unit,
                        .with_distributions = metric.statistic.needs_distribution()};
  int64_t start_s = 0;
  Aggregate sum;
  auto add = [&] {
    if (auto value = metric.statistic.of(sum)) {
      if (points_left_ == 0) return false;
      --points_left_;
      series.points.push_back({start_s, *value, sum.sample_count});
    }
    sum = {};
    return true;
  };
  // Without a unit, what came in any counts together.
  bool fits = true;
  auto take = [&](PeriodData data) {
    if (sum.sample_count > 0 && data.start_s != start_s) fits = add();
    start_s = data.start_s;
    sum.merge(data.values);
    return fits;
  };
  const Keys keys(shard_of(shards_, place_, metric.identity.namespace_).key_prefix(), place_);
  co_await read_metric(world_, keys, metric.identity.id(), reading, take);
  if (!fits || !add())
    co_return fail(validation_exception(fmt::format(
        "The request covers more than {} data points. Narrow its time range or increase its periods.", limits::computed_datapoints_max)));
  co_return series;
}

Task<Result<std::vector<QueryResult>>> Queries::evaluate(const std::vector<Query>& queries, TimeRange range) {
  points_left_ = limits::computed_datapoints_max;
  std::map<std::string_view, MathValue> values;
  MathScope scope{.to_s = range.to_s()};
  scope.find = [&](std::string_view id) -> const MathValue* {
    auto found = values.find(id);
    return found == values.end() ? nullptr : &found->second;
  };
  int32_t period_s = 0;
  for (const Query& query : queries) {
    if (!query.metric) continue;
    auto fetched = co_await fetch(query, range);
    const MathValue& value = values.emplace(query.id, std::move(fetched)).first->second;
    scope.metrics.push_back({query.id, &std::get<Series>(value)});
    period_s = std::max(period_s, *query.period_s);
  }
  const std::vector<size_t> order = co_await Order(queries).of_all();
  for (size_t position : order) {
    const Query& query = queries[position];
    if (!query.expression) continue;
    scope.period_s = query.period_s.value_or(period_s > 0 ? period_s : 60);
    scope.from_s = range.from_s(world_.clock.wall(), scope.period_s);
    auto value = cloudwatch::evaluate(*query.expression, scope);
    if (!value) co_return fail(in_expression(query.id, value.error()));
    values.emplace(query.id, std::move(*value));
  }
  std::vector<QueryResult> results;
  for (const Query& query : queries) {
    QueryResult result{&query, {}};
    const MathValue& value = values.at(query.id);
    if (auto* series = std::get_if<Series>(&value)) result.series.push_back(*series);
    if (auto* array = std::get_if<SeriesArray>(&value)) result.series = *array;
    if (query.returns && std::holds_alternative<double>(value))
      co_return fail(in_expression(query.id, math_fault("The result is a number; it must be a time series")));
    if (query.expression) name_series(result, std::holds_alternative<SeriesArray>(value));
    for (Series& series : result.series) {
      std::erase_if(series.points, [](const Point& point) { return !std::isfinite(point.value); });
      series.label = finished_label(series, query, place_);
    }
    results.push_back(std::move(result));
  }
  co_return results;
}

}  // namespace outcrop::cloudwatch
