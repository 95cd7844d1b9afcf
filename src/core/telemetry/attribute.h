// Attributes: names and values that spans, metrics and resources are described by (OpenTelemetry specification, "Common concepts").
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace outcrop::telemetry {

using AttributeValue = std::variant<std::string, bool, int64_t, double, std::vector<std::string>>;

struct Attribute {
  std::string name;
  AttributeValue value;

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

using Attributes = std::vector<Attribute>;

}  // namespace outcrop::telemetry
