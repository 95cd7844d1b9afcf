// FunctionMetrics: what AWS/Lambda in CloudWatch says of invocations. Each metric is there over all functions of an account in a Region, of
// the function, of what of it was named (Resource: "orders", "orders:live"), and of an alias by the version that ran (Lambda Developer
// Guide, "Types of metrics for Lambda functions").
#pragma once
#include <string>
#include <string_view>

#include "core/service_metrics.h"
#include "services/lambda/function/function_name.h"
#include "services/lambda/invoke/executions.h"

namespace outcrop::lambda {

class FunctionMetrics {
 public:
  explicit FunctionMetrics(ServiceMetrics& metrics) : metrics_(metrics) {}

  void began(const FunctionName& name, std::string_view version, const Executions::Running& running);
  void ended(const FunctionName& name, std::string_view version, double duration_ms, bool has_failed);
  void throttled(const FunctionName& name);

  void event_received(const FunctionName& name) { record(name, "AsyncEventsReceived", 1); }
  void event_aged(const FunctionName& name, Milliseconds age);  // that long in the queue until it is tried
  void event_dropped(const FunctionName& name) { record(name, "AsyncEventsDropped", 1); }
  void dead_letter_failed(const FunctionName& name) { record(name, "DeadLetterErrors", 1); }
  void destination_failed(const FunctionName& name) { record(name, "DestinationDeliveryFailures", 1); }

 private:
  void record(const FunctionName& name, std::string_view metric, double value, std::string_view unit = "Count",
              std::string_view version = {});

  ServiceMetrics& metrics_;
};

}  // namespace outcrop::lambda
