// What metric math computes with: numbers, time series and arrays of time series (User Guide, "Metric math syntax and functions").
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace outcrop::cloudwatch {

struct Point {
  int64_t time_s;
  double value;
  double samples = 0;  // that a metric's point is made of; of a computed one 0
  bool operator==(const Point&) const = default;
};

struct Series {
  std::string label;
  int32_t period_s = 60;
  std::vector<Point> points;  // in the order of time; a time without a point is missing
  bool operator==(const Series&) const = default;
};

using SeriesArray = std::vector<Series>;
using MathValue = std::variant<double, Series, SeriesArray>;

}  // namespace outcrop::cloudwatch
