#include "gateway/event/integrations.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/event/function_answer.h"
#include "gateway/event/function_event.h"
#include "gateway/event/integration_uri.h"
#include "gateway/event/mock_integration.h"

namespace outcrop::gateway {

namespace {

Milliseconds time_limit(const DeployedApi::Integration& integration) {
  return std::min(Milliseconds(integration.record.timeout_ms), limits::integration_timeout_max);
}

std::string source_of(const RouteEvent& event) {
  const DeployedApi& api = *event.stage->api;
  return fmt::format("arn:aws:execute-api:{}:{}:{}/{}/{}", api.region(), api.account(), api.id(), event.stage->name, event.route_key);
}

// What Lambda said instead of running the function. Where there is no room or no server it may be asked again.
Fault function_not_run(RouteEvent& event, const Fault& fault) {
  event.integration_status = fault.status;
  event.integration_error = fault.message;
  event.is_worth_repeating = fault.status == 429 || fault.status >= 500;
  return event.is_worth_repeating ? integration_failed() : integration_cannot_be_asked();
}

// An environment that ended was ended by itself or by others; the function's own errors say what it decided.
Fault function_error(RouteEvent& event, const FunctionAnswer& answer) {
  const auto told = json::parse(answer.payload);
  const json::Value* type = told ? told->find("errorType") : nullptr;
  const json::Value* message = told ? told->find("errorMessage") : nullptr;
  event.integration_error = message && message->is_string() ? std::string(message->as_string()) : answer.error;
  event.is_worth_repeating = type && type->is_string() && type->as_string() == "Runtime.ExitError";
  return integration_failed();
}

Result<IntegrationResult> result_of(RouteEvent& event, Result<FunctionAnswer> answer) {
  if (!answer) {
    if (answer.error().code == integration_timed_out().code) return fail(std::move(answer.error()));
    return fail(function_not_run(event, answer.error()));
  }
  event.integration_status = 200;
  if (!answer->error.empty()) return fail(function_error(event, *answer));
  Result<IntegrationResult> result = read_function_answer(answer->payload);
  if (result) return result;
  event.integration_error = result.error().message;
  return fail(integration_failed());
}

}  // namespace

Task<Result<IntegrationResult>> Integrations::run(RoutedEvent at) {
  RouteEvent& event = at.event;
  const SteadyTime begun = world_.clock.steady();
  Result<IntegrationResult> result = co_await keep(carry_out(std::move(at)));
  event.integration_latency_ms = std::chrono::duration<double, std::milli>(world_.clock.steady() - begun).count();
  co_return result;
}

Task<Result<IntegrationResult>> Integrations::carry_out(RoutedEvent at) {
  const std::string& type = at.integration().record.type;
  if (type == "AWS_PROXY") co_return co_await keep(call_function(std::move(at)));
  if (type == "MOCK") co_return mock_result(at.integration(), at.values);
  at.event.integration_error = fmt::format("Integrations of type {} are not supported.", type);
  co_return fail(integration_cannot_be_asked());
}

Task<Result<IntegrationResult>> Integrations::call_function(RoutedEvent at) {
  RouteEvent& event = at.event;
  const IntegrationRecord& record = at.integration().record;
  const std::optional<std::string> function = function_in_uri(with_stage_variables(record.uri.value_or(""), *event.stage));
  if (!function) {
    event.integration_error = "The integration's URI names no function.";
    co_return fail(integration_cannot_be_asked());
  }
  FunctionCall call{.account = event.stage->api->account(),
                    .function = *function,
                    .source_arn = source_of(event),
                    .credentials = record.credentials_arn.value_or(""),
                    .payload = write_function_event(event, at.values.body()),
                    .trace_header = event.trace_header,
                    .stop = timed_.stop_token()};
  auto answer = co_await keep(timed_.run(time_limit(at.integration()), std::move(at.share), functions_.invoke(std::move(call))));
  co_return result_of(event, std::move(answer));
}

}  // namespace outcrop::gateway
