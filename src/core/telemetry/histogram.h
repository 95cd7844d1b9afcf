// Histogram: a metric of values in buckets, by attributes (OpenTelemetry specification, "Metrics data model").
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/telemetry/attribute.h"

namespace outcrop::telemetry {

class Histogram {
 public:
  struct Description {
    std::string name, description, unit;
    std::vector<double> bounds;  // upper ones, inclusive, ascending; values above the last have a bucket of their own
  };
  struct Point {
    Attributes attributes;
    std::vector<uint64_t> counts;
    uint64_t count = 0;
    double sum = 0, min = 0, max = 0;
  };

  explicit Histogram(Description description) : description_(std::move(description)) {}

  // Thread-safe.
  void record(double value, Attributes attributes);
  // Since the beginning, by attributes.
  std::vector<Point> points() const;
  bool is_empty() const;
  const Description& description() const { return description_; }

 private:
  Point& point_of(Attributes attributes);

  const Description description_;
  mutable std::mutex mutex_;
  std::map<std::string, Point> points_;  // by the text of their attributes
};

}  // namespace outcrop::telemetry
