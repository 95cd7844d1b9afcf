// ServiceMetrics: how services publish what AWS publishes of its own services ("AWS/Bedrock", "Invocations"). CloudWatch implements
// it; main hands it to whoever records, so that no service knows another.
#pragma once
#include <span>
#include <string_view>

namespace outcrop {

class ServiceMetrics {
 public:
  struct Dimension {
    std::string_view name, value;
  };

  virtual ~ServiceMetrics() = default;

  // Adds one value at the present time. Cheap enough for each of many requests: values of a minute are added up in the memory of the
  // calling loop and stored after the minute's end, or when the server ends in order; a killed process loses that minute. Call it on an
  // executor's thread. `unit` is one of CloudWatch's: "Count", "Milliseconds"; "None" when it is none of them. Dimensions keep one order.
  virtual void record(std::string_view account, std::string_view region, std::string_view metric_namespace, std::string_view metric,
                      std::span<const Dimension> dimensions, double value, std::string_view unit) = 0;
};

}  // namespace outcrop
