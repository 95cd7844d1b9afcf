// Statistic: what is asked of a metric's values in a period, by name: "Sum", "p99.9", "TM(10%:90%)", "PR(:300)", "IQM" (User Guide,
// "CloudWatch statistics definitions").
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "services/cloudwatch/metric/aggregate.h"

namespace outcrop::cloudwatch {

struct Statistic {
  enum class Kind {
    sample_count,
    average,
    sum,
    minimum,
    maximum,
    percentile,
    trimmed_mean,
    trimmed_count,
    trimmed_sum,
    winsorized_mean,
    percentile_rank,
  };
  Kind kind = Kind::average;
  // What is trimmed: shares of the values in percent, or values, of which the lower is out and the upper in.
  bool is_percent = true;
  std::optional<double> lower, upper;

  // One of the five, or none.
  static std::optional<Statistic> simple(std::string_view name);
  // Any other, or none.
  static std::optional<Statistic> extended(std::string_view name);
  static std::optional<Statistic> parse(std::string_view name);

  bool needs_distribution() const { return kind >= Kind::percentile; }
  // None when there are no such values, or nobody knows them. Percentiles are the nearest rank's.
  std::optional<double> of(const Aggregate& aggregate) const;
};

}  // namespace outcrop::cloudwatch
