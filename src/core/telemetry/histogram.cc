#include "core/telemetry/histogram.h"

#include <algorithm>

#include "core/telemetry/limits.h"
#include "core/telemetry/otlp_json.h"

namespace outcrop::telemetry {

void Histogram::record(double value, Attributes attributes) {
  std::lock_guard lock(mutex_);
  Point& point = point_of(std::move(attributes));
  const auto bucket = std::ranges::lower_bound(description_.bounds, value) - description_.bounds.begin();
  ++point.counts[size_t(bucket)];
  point.min = point.count == 0 ? value : std::min(point.min, value);
  point.max = point.count == 0 ? value : std::max(point.max, value);
  point.sum += value;
  ++point.count;
}

// Beyond the limit all others are one.
Histogram::Point& Histogram::point_of(Attributes attributes) {
  std::string key = attributes_json(attributes);
  auto known = points_.find(key);
  if (known != points_.end()) return known->second;
  if (points_.size() + 1 >= limits::series_per_metric_max) {
    attributes = {{"otel.metric.overflow", true}};
    key = attributes_json(attributes);
  }
  Point& point = points_[std::move(key)];
  point.attributes = std::move(attributes);
  point.counts.resize(description_.bounds.size() + 1);
  return point;
}

std::vector<Histogram::Point> Histogram::points() const {
  std::lock_guard lock(mutex_);
  std::vector<Point> points;
  points.reserve(points_.size());
  for (const auto& [key, point] : points_) points.push_back(point);
  return points;
}

bool Histogram::is_empty() const {
  std::lock_guard lock(mutex_);
  return points_.empty();
}

}  // namespace outcrop::telemetry
