#include "gateway/event/execution_log.h"

#include <fmt/format.h>

#include "base/arn.h"
#include "base/encoding.h"
#include "gateway/api/route_settings.h"
#include "gateway/connection/connection_events.h"
#include "gateway/event/limits.h"
#include "gateway/event/redaction.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view truncated = " [TRUNCATED]", binary = "[Binary Data]";
constexpr std::string_view execution_failed = "Execution failed", malformed_answer = "Malformed Lambda proxy response";

std::string_view readable(std::string_view body) { return is_valid_utf8(body) ? body : binary; }

// At most what a line may have, without breaking a character.
std::string_view beginning_of(std::string_view text) {
  size_t size = limits::execution_log_line_max;
  while (size > 0 && (uint8_t(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

bool has_failed(const RouteEvent& event) {
  return !event.error_response_type.empty() && event.error_response_type != refused_by_integration;
}

std::string integration_failure(const RouteEvent& event) {
  const std::string& why = event.integration_error;
  if (why.starts_with(execution_failed)) return why;
  const bool is_configuration = event.error_response_type == "API_CONFIGURATION_ERROR" || why.starts_with(malformed_answer);
  return fmt::format("Execution failed due to {} error: {}", is_configuration ? "configuration" : "an integration", why);
}

std::string failure_of(const RouteEvent& event) {
  const std::string& type = event.error_response_type;
  if (type == "INTEGRATION_TIMEOUT") return "Execution failed due to a timeout error";
  if (type == "UNAUTHORIZED") return fmt::format("Unauthorized request: {}", event.request_id);
  if (!event.authorizer.error.empty()) return fmt::format("Execution failed due to an authorizer error: {}", event.authorizer.error);
  if (!event.validation_error.empty()) return fmt::format("Request body does not match model schema: {}", event.validation_error);
  if (!event.integration_error.empty()) return integration_failure(event);
  return fmt::format("Execution failed: {}", event.error_message);
}

std::string success_of(const RouteEvent& event) {
  const std::string& client = event.connection.id;
  const std::string& api = event.stage->api->id();
  switch (event.type) {
    case RouteEvent::Type::connect:
      if (event.status / 100 == 2) return fmt::format("Client [Connection Id: {}] connected to API [{}] successfully.", client, api);
      return fmt::format("Client [Connection Id: {}] was refused by API [{}] with integration response status code [{}].", client, api,
                         event.status);
    case RouteEvent::Type::message:
      return fmt::format("Message from client [Connection Id: {}] sent to API [{}] with response status code [{}].", client, api,
                         event.status);
    case RouteEvent::Type::disconnect:
      break;
  }
  const std::string answered =
      event.integration_status ? fmt::format(" with integration response status code [{}]", *event.integration_status) : "";
  return fmt::format("Client [Connection Id: {}] disconnected from API [{}]{}. Close reason: [{}: {}]", client, api, answered,
                     event.closed->code, event.closed->text);
}

}  // namespace

std::shared_ptr<ExecutionLog> ExecutionLog::of(const RouteEvent& event, const Clock& clock) {
  const StageRecord& stage = event.stage->record;
  const std::string* level = find_route_setting(stage, event.route_key, &RouteSettingsRecord::logging_level);
  const bool has_info = level && *level == "INFO";
  if (!has_info && !(level && *level == "ERROR")) return nullptr;
  const bool* data_trace = find_route_setting(stage, event.route_key, &RouteSettingsRecord::data_trace);
  return std::shared_ptr<ExecutionLog>(new ExecutionLog(event, clock, has_info, has_info && data_trace && *data_trace));
}

ExecutionLog::ExecutionLog(const RouteEvent& event, const Clock& clock, bool has_info, bool traces_data)
    : clock_(clock), request_id_(event.request_id), has_info_(has_info), traces_data_(traces_data) {
  info(fmt::format("Extended Request Id: {}", event.extended_request_id));
}

void ExecutionLog::info(std::string_view text) {
  if (has_info_) add(text);
}

void ExecutionLog::data(std::string_view text) {
  if (traces_data_) add(text);
}

void ExecutionLog::error(std::string_view text) {
  has_error_ = true;
  add(text);
}

void ExecutionLog::add(std::string_view text) {
  const bool is_long = text.size() > limits::execution_log_line_max;
  lines_.push_back({clock_.wall(), fmt::format("({}) {}{}", request_id_, is_long ? beginning_of(text) : text, is_long ? truncated : "")});
}

double ExecutionLog::latency_ms() const { return std::chrono::duration<double, std::milli>(clock_.steady() - asked_at_).count(); }

std::string execution_log_group(const ServedStage& stage) { return fmt::format("/aws/apigateway/{}/{}", stage.api->id(), stage.name); }

void log_start(const RouteEvent& event, std::string_view body) {
  if (!event.log) return;
  ExecutionLog& log = *event.log;
  const std::string& api = event.stage->api->id();
  log.info(fmt::format("Starting execution for request: {}", event.request_id));
  if (!event.route_key.empty()) log.info(fmt::format("WebSocket Request Route: [{}]", event.route_key));
  if (event.type == RouteEvent::Type::connect) {
    const ConnectionRecord& client = event.connection.record;
    log.info(
        fmt::format("Client [UserAgent: {}, SourceIp: {}] is connecting to WebSocket API [{}].", client.user_agent, client.source_ip, api));
  } else if (event.type == RouteEvent::Type::message) {
    log.info(fmt::format("WebSocket API [{}] received message from client [Connection Id: {}].", api, event.connection.id));
    if (log.traces_data()) log.data(fmt::format("Method request body before transformations: {}", readable(body)));
  }
}

void log_request(const RouteEvent& event, std::string_view uri, const net::Headers& headers, std::string_view body) {
  if (!event.log) return;
  ExecutionLog& log = *event.log;
  if (log.traces_data()) {
    log.data(fmt::format("Endpoint request URI: {}", uri));
    log.data(fmt::format("Endpoint request headers: {}", redacted(headers)));
    log.data(fmt::format("Endpoint request body after transformations: {}", redacted(readable(body))));
  }
  log.info(fmt::format("Sending request to {}", uri));
  log.asked();
}

void log_response(const RouteEvent& event, int status, const net::Headers& headers, std::string_view body, std::string_view request_id) {
  if (!event.log) return;
  ExecutionLog& log = *event.log;
  log.info(fmt::format("Received response. Status: {}, Integration latency: {:.0f} ms", status, log.latency_ms()));
  if (log.traces_data()) {
    log.data(fmt::format("Endpoint response headers: {}", redacted(headers)));
    log.data(fmt::format("Endpoint response body before transformations: {}", readable(body)));
  }
  if (!request_id.empty()) log.info(fmt::format("AWS Integration Endpoint RequestId : {}", request_id));
}

void log_end(const RouteEvent& event) {
  if (!event.log) return;
  if (!has_failed(event)) return event.log->info(success_of(event));
  if (!event.log->has_error()) event.log->error(failure_of(event));
}

std::string function_url(std::string_view function_arn) {
  const std::optional<Arn> arn = parse_arn(function_arn);
  return fmt::format("https://lambda.{}.amazonaws.com/2015-03-31/functions/{}/invocations", arn ? arn->region : "", function_arn);
}

}  // namespace outcrop::gateway
