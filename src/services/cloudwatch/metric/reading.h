// Reading a metric: its stored datapoints, of whatever resolution is left of each time, become those of a period. From the store,
// on any thread.
#pragma once
#include <functional>

#include "core/shard.h"
#include "services/cloudwatch/metric/aggregate.h"
#include "services/cloudwatch/metric/keys.h"

namespace outcrop::cloudwatch {

struct Reading {
  int64_t from_s = 0, to_s = 0;  // from <= time < to; periods are counted from `from_s`
  int32_t period_s = 60;
  std::optional<Unit> unit;  // of all when there is none
  bool with_distributions = false;
};

// A period in which there was something, of one unit.
struct PeriodData {
  int64_t start_s;
  Unit unit;
  Aggregate values;
};

// When a request's period begins, by its age and length (API, GetMetricData: StartTime).
int64_t rounded_start_s(Instant start, Instant now, int32_t period_s);

// Whether a period may be asked for: 1, 5, 10, 20, 30 or a multiple of 60.
bool is_period(int32_t period_s);

// Gives `take` the periods in the order of time, until it gives false.
Task<Result<void>> read_metric(World& world, const Keys& keys, std::string id, Reading reading, std::function<bool(PeriodData)> take);

}  // namespace outcrop::cloudwatch
