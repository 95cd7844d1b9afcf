// Evaluates metric math. Where both sides of an operator are time series, a missing value counts as 0 when the other side has one; what
// would divide by zero is dropped (User Guide, "Basic arithmetic functions", "Comparison and logical operators").
#pragma once
#include <optional>

#include "services/cloudwatch/math/functions.h"

namespace outcrop::cloudwatch {

// Faults with ValidationException.
Result<MathValue> evaluate(const Expression& expression, const MathScope& scope);

// f(value) of each point; points for which it gives none fall out.
// F: std::optional<double>(double).
template <class F>
Series map_points(const Series& series, F f) {
  Series mapped{series.label, series.period_s, {}};
  mapped.points.reserve(series.points.size());
  for (const Point& point : series.points)
    if (std::optional<double> value = f(point.value)) mapped.points.push_back({point.time_s, *value});
  return mapped;
}

inline Fault math_fault(std::string problem) { return {"ValidationException", 400, std::move(problem)}; }

}  // namespace outcrop::cloudwatch
