// MetricDataQueries, checked and then evaluated: what GetMetricData and alarms have in common.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "core/shard.h"
#include "gen/cloudwatch/types.h"
#include "services/cloudwatch/math/expression.h"
#include "services/cloudwatch/math/series.h"
#include "services/cloudwatch/metric/keys.h"
#include "services/cloudwatch/metric/statistic.h"

namespace outcrop::cloudwatch {

// One query: a metric with a statistic, or an expression.
struct Query {
  struct Metric {
    MetricIdentity identity;
    std::string statistic_name;
    Statistic statistic;
    std::optional<Unit> unit;
  };
  std::string id;
  std::optional<Metric> metric;
  std::optional<Expression> expression;
  std::optional<int32_t> period_s;  // a metric has one
  std::optional<std::string> label;
  bool returns = true;
};

// Faults with ValidationException. `account`: others' metrics are refused.
Result<std::vector<Query>> check_queries(std::span<const MetricDataQuery> queries, std::string_view account);

struct QueryResult {
  const Query* query;
  std::vector<Series> series;  // one, or those of an array
};

// What time is asked for. Each metric's begins where its period does, when `rounded`.
struct TimeRange {
  Instant start, end;
  bool rounded = true;

  int64_t from_s(Instant now, int32_t period_s) const;
  int64_t to_s() const { return seconds_since_epoch(end); }
};

class Queries {
 public:
  Queries(World& world, Shards& shards, Place place) : world_(world), shards_(shards), place_(std::move(place)) {}

  // The results of all, in their order, whether they return data or not. Faults with ValidationException where an expression cannot be
  // evaluated, and when there is more data than limits::computed_datapoints_max.
  Task<Result<std::vector<QueryResult>>> evaluate(const std::vector<Query>& queries, TimeRange range);

  const Place& place() const { return place_; }

  // Where the metrics of a namespace lie.
  static Shard& shard_of(Shards& shards, const Place& place, std::string_view metric_namespace) {
    return shards.of(place.account, place.region, "cloudwatch", metric_namespace);
  }

 private:
  Task<Result<Series>> fetch(const Query& query, TimeRange range);

  World& world_;
  Shards& shards_;
  const Place place_;
  size_t points_left_ = 0;
};

}  // namespace outcrop::cloudwatch
