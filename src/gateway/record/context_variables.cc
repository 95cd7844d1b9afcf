#include "gateway/record/context_variables.h"

#include <fmt/format.h>

#include "base/log_time.h"
#include "gateway/event/request_context.h"
#include "json/json.h"

namespace outcrop::gateway {

namespace {

using Variable = std::optional<std::string>;

Variable unless_empty(const std::string& text) { return text.empty() ? std::nullopt : Variable(text); }
Variable unless_none(const std::optional<int>& status) { return status ? Variable(fmt::format("{}", *status)) : std::nullopt; }
// Whole milliseconds.
Variable unless_none(const std::optional<double>& latency_ms) {
  return latency_ms ? Variable(fmt::format("{:.0f}", *latency_ms)) : std::nullopt;
}
Variable quoted_unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : Variable(json::write(json::Value(std::string_view(text))));
}

struct Named {
  std::string_view name;
  Variable (*read)(const RouteEvent& event);
};

constexpr Named variables[] = {
    {"apiId", [](const RouteEvent& event) -> Variable { return event.connection.record.api_id; }},
    {"authenticate.error", [](const RouteEvent& event) { return unless_empty(event.authenticate.error); }},
    {"authenticate.latency", [](const RouteEvent& event) { return unless_none(event.authenticate.latency_ms); }},
    {"authenticate.status", [](const RouteEvent& event) { return unless_none(event.authenticate.status); }},
    {"authorize.error", [](const RouteEvent& event) { return unless_empty(event.authorize.error); }},
    {"authorize.latency", [](const RouteEvent& event) { return unless_none(event.authorize.latency_ms); }},
    {"authorize.status", [](const RouteEvent& event) { return unless_none(event.authorize.status); }},
    {"authorizer.error", [](const RouteEvent& event) { return unless_empty(event.authorizer.error); }},
    {"authorizer.integrationLatency", [](const RouteEvent& event) { return unless_none(event.authorizer.latency_ms); }},
    {"authorizer.integrationStatus", [](const RouteEvent& event) { return unless_none(event.authorizer_integration_status); }},
    {"authorizer.latency", [](const RouteEvent& event) { return unless_none(event.authorizer.latency_ms); }},
    {"authorizer.requestId", [](const RouteEvent& event) { return unless_empty(event.authorizer_request_id); }},
    {"authorizer.status", [](const RouteEvent& event) { return unless_none(event.authorizer.status); }},
    {"connectedAt",
     [](const RouteEvent& event) -> Variable { return fmt::format("{}", ms_since_epoch(event.connection.record.connected_at)); }},
    {"connectionId", [](const RouteEvent& event) { return unless_empty(event.connection.id); }},
    {"domainName", [](const RouteEvent& event) { return unless_empty(event.connection.record.domain_name); }},
    {"error.message", [](const RouteEvent& event) { return unless_empty(event.error_message); }},
    {"error.messageString", [](const RouteEvent& event) { return quoted_unless_empty(event.error_message); }},
    {"error.responseType", [](const RouteEvent& event) { return unless_empty(event.error_response_type); }},
    {"error.validationErrorString", [](const RouteEvent& event) { return unless_empty(event.validation_error); }},
    {"eventType", [](const RouteEvent& event) -> Variable { return std::string(type_name(event.type)); }},
    {"extendedRequestId", [](const RouteEvent& event) { return unless_empty(event.extended_request_id); }},
    {"identity.sourceIp", [](const RouteEvent& event) { return unless_empty(event.connection.record.source_ip); }},
    {"identity.userAgent", [](const RouteEvent& event) { return unless_empty(event.connection.record.user_agent); }},
    {"integration.error", [](const RouteEvent& event) { return unless_empty(event.integration_error); }},
    {"integration.integrationStatus", [](const RouteEvent& event) { return unless_none(event.integration_status); }},
    {"integration.latency", [](const RouteEvent& event) { return unless_none(event.integration_latency_ms); }},
    {"integration.requestId", [](const RouteEvent& event) { return unless_empty(event.integration_request_id); }},
    {"integration.status", [](const RouteEvent& event) { return unless_none(event.integration_status); }},
    {"integrationLatency", [](const RouteEvent& event) { return unless_none(event.integration_latency_ms); }},
    {"messageId", [](const RouteEvent& event) { return unless_empty(event.message_id); }},
    {"requestId", [](const RouteEvent& event) { return unless_empty(event.request_id); }},
    {"requestTime", [](const RouteEvent& event) -> Variable { return log_time(event.at); }},
    {"requestTimeEpoch", [](const RouteEvent& event) -> Variable { return fmt::format("{}", ms_since_epoch(event.at)); }},
    {"routeKey", [](const RouteEvent& event) { return unless_empty(event.route_key); }},
    {"stage", [](const RouteEvent& event) -> Variable { return event.connection.record.stage; }},
    {"status", [](const RouteEvent& event) -> Variable { return fmt::format("{}", event.status); }},
};

// A member of the object that `text` is, as a text of its own.
Variable member_of(const std::optional<std::string>& text, std::string_view name) {
  if (!text) return std::nullopt;
  const auto object = json::parse(*text);
  const json::Value* value = object ? object->find(name) : nullptr;
  if (!value || value->is_null()) return std::nullopt;
  return value->is_string() ? std::string(value->as_string()) : json::write(*value);
}

}  // namespace

std::optional<std::string> find_context_variable(const RouteEvent& event, std::string_view name) {
  for (const Named& variable : variables) {
    if (variable.name != name) continue;
    if (Variable value = variable.read(event)) return value;
  }
  constexpr std::string_view identity = "identity.", authorizer = "authorizer.";
  if (name.starts_with(identity)) return member_of(event.connection.record.identity, name.substr(identity.size()));
  if (name.starts_with(authorizer)) return member_of(event.connection.record.authorizer, name.substr(authorizer.size()));
  return std::nullopt;
}

}  // namespace outcrop::gateway
