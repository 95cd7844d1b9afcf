// The functions of metric math.
#pragma once
#include <functional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/math/expression.h"
#include "services/cloudwatch/math/series.h"

namespace outcrop::cloudwatch {

// What surrounds an evaluation.
struct MathScope {
  int64_t from_s = 0, to_s = 0;  // of the request
  int32_t period_s = 60;         // of series that are made of nothing: TIME_SERIES
  // The value of a query's id; null when there is none.
  std::function<const MathValue*(std::string_view id)> find = {};
  // The metrics of the request, with their ids.
  struct NamedMetric {
    std::string_view id;
    const Series* series;
  };
  std::vector<NamedMetric> metrics = {};
  mutable int64_t points_left = limits::math_datapoints_max;  // that may still be computed, what lies between steps included
};

bool is_function(std::string_view name);

// Faults with ValidationException.
Result<MathValue> call_function(const Expression& call, const MathScope& scope);

}  // namespace outcrop::cloudwatch
