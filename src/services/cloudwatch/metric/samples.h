// What PutMetricData was given, checked (API, PutMetricData and MetricDatum).
#pragma once
#include <span>
#include <vector>

#include "gen/cloudwatch/types.h"
#include "services/cloudwatch/metric/shard_metrics.h"

namespace outcrop::cloudwatch {

// Faults when one of the data is wrong: none is taken then.
Result<std::vector<Sample>> samples_of(const std::string& metric_namespace, std::span<const MetricDatum> data, Instant now);

}  // namespace outcrop::cloudwatch
