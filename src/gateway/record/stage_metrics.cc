#include "gateway/record/stage_metrics.h"

#include <array>
#include <span>

#include "gateway/api/route_settings.h"

namespace outcrop::gateway {

namespace {

bool is_integration_reached(const RouteEvent& event) {
  return event.integration_status || event.integration_latency_ms || !event.integration_error.empty() || event.status < 400;
}

bool has_detailed_metrics(const StageRecord& stage, std::string_view route_key) {
  const bool* wanted = find_route_setting(stage, route_key, &RouteSettingsRecord::detailed_metrics);
  return wanted && *wanted;
}

// Empty: not by route.
std::string_view measured_route(const RouteEvent& event) {
  return has_detailed_metrics(event.stage->record, event.route_key) ? std::string_view(event.route_key) : "";
}

}  // namespace

void StageMetrics::ended(const RouteEvent& event) {
  const bool is_reached = is_integration_reached(event);
  if (event.type == RouteEvent::Type::connect && is_reached) count(event, "ConnectCount");
  if (event.type == RouteEvent::Type::message) count(event, "MessageCount");
  if (event.integration_status.value_or(0) >= 400) count(event, "IntegrationError");
  if (!is_reached && event.status < 500) count(event, "ClientError");
  if (!event.integration_error.empty() || (event.status >= 500 && !event.integration_status)) count(event, "ExecutionError");
  if (event.integration_latency_ms) {
    add(event.connection.record, measured_route(event), "IntegrationLatency", *event.integration_latency_ms, "Milliseconds");
  }
}

void StageMetrics::posted(const ConnectionContext& connection) { add(connection.record, "", "MessageCount", 1, "Count"); }

void StageMetrics::count(const RouteEvent& event, std::string_view metric) {
  add(event.connection.record, measured_route(event), metric, 1, "Count");
}

void StageMetrics::add(const ConnectionRecord& connection, std::string_view route, std::string_view metric, double value,
                       std::string_view unit) {
  const std::array<ServiceMetrics::Dimension, 3> dimensions = {
      {{"ApiId", connection.api_id}, {"Stage", connection.stage}, {"Route", route}}};
  for (size_t used = 1; used <= (route.empty() ? 2 : 3); ++used) {
    metrics_.record(connection.account, connection.region, "AWS/ApiGateway", metric, std::span(dimensions).first(used), value, unit);
  }
}

}  // namespace outcrop::gateway
