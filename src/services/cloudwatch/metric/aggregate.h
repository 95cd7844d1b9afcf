// Aggregate: what is known of all values of a metric in some span of time. Aggregates of parts add up to that of the whole, in any
// order, so that writers need not know what is stored already.
#pragma once
#include <limits>

#include "base/result.h"
#include "gen/records/cloudwatch.h"
#include "services/cloudwatch/metric/distribution.h"

namespace outcrop::cloudwatch {

struct Aggregate {
  double sample_count = 0, sum = 0;
  double minimum = std::numeric_limits<double>::infinity(), maximum = -std::numeric_limits<double>::infinity();
  // Of all values; not whole when some came as statistic sets whose values nobody knows.
  Distribution distribution;
  bool knows_values = true;

  void add(double value, double count = 1);
  // Values of which only this is known. When they are all the same, they are known (API, PutMetricData).
  void add_set(double count, double total, double low, double high);
  void merge(const Aggregate& other);

  StoredDatapoint stored() const;
  // With the distribution, or without: it is most of the work.
  static Result<Aggregate> of(std::string_view record, bool with_distribution);
};

}  // namespace outcrop::cloudwatch
