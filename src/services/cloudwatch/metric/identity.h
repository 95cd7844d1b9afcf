// MetricIdentity: a namespace, a name and dimensions in the order of their names. Each combination is a metric of its own.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gen/records/cloudwatch.h"

namespace outcrop::cloudwatch {

// Who owns metrics and alarms, and where.
struct Place {
  std::string account, region;
  auto operator<=>(const Place&) const = default;
};

struct MetricIdentity {
  std::string namespace_, name;
  std::vector<StoredDimension> dimensions;

  // `dimensions` in any order; each with members `name` and `value`.
  template <class Dimensions>
  static MetricIdentity of(std::string namespace_, std::string name, const Dimensions& dimensions) {
    MetricIdentity identity{std::move(namespace_), std::move(name), {}};
    for (const auto& dimension : dimensions) identity.dimensions.push_back({std::string(dimension.name), std::string(dimension.value), {}});
    identity.sort();
    return identity;
  }

  // All of it, each part with its length before it: no two metrics share one.
  std::string text() const;
  // 16 bytes that stand for it in keys: of the SHA-256 of the text. Who writes need not look up what a metric is called.
  std::string id() const;

 private:
  void sort();
};

}  // namespace outcrop::cloudwatch
