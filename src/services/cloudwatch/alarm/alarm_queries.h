// What an alarm looks at: its metric or its expression, over its evaluation range.
#pragma once
#include "services/cloudwatch/alarm/evaluation.h"
#include "services/cloudwatch/query/queries.h"

namespace outcrop::cloudwatch {

struct AlarmPoints {
  std::vector<AlarmPoint> range;  // the latest first
  bool has_few_samples = false;   // of a percentile that is to be left alone then
};

// `end_s`: of the latest period. Periods are counted back from there (they need not begin at multiples of themselves).
Task<Result<AlarmPoints>> read_alarm_points(Queries queries, const AlarmRecord& alarm, int64_t end_s);

MetricDataQuery query_of(const StoredQuery& stored);
StoredQuery stored_query(const MetricDataQuery& query);

}  // namespace outcrop::cloudwatch
