// StageMetrics: what AWS/ApiGateway in CloudWatch says of WebSocket APIs, by API, by stage and, where a stage wants detailed metrics, by
// route (API Gateway Developer Guide, "Monitor WebSocket API execution with CloudWatch metrics").
#pragma once
#include <string_view>

#include "core/service_metrics.h"
#include "gateway/event/route_event.h"

namespace outcrop::gateway {

class StageMetrics {
 public:
  explicit StageMetrics(ServiceMetrics& metrics) : metrics_(metrics) {}

  void ended(const RouteEvent& event);
  // A message to the client that no event of its own goes with.
  void posted(const ConnectionContext& connection);

 private:
  void add(const ConnectionRecord& connection, std::string_view route, std::string_view metric, double value, std::string_view unit);
  void count(const RouteEvent& event, std::string_view metric);

  ServiceMetrics& metrics_;
};

}  // namespace outcrop::gateway
