#include "gateway/event/integrations.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "gateway/event/execution_log.h"
#include "gateway/event/function_answer.h"
#include "gateway/event/function_event.h"
#include "gateway/event/http_integration.h"
#include "gateway/event/integration_uri.h"
#include "gateway/event/mock_integration.h"
#include "gateway/event/service_identity.h"

namespace outcrop::gateway {

namespace {

Milliseconds time_limit(const DeployedApi::Integration& integration) {
  return std::min(Milliseconds(integration.record.timeout_ms), limits::integration_timeout_max);
}

std::string source_of(const RouteEvent& event) {
  const DeployedApi& api = *event.stage->api;
  return fmt::format("arn:aws:execute-api:{}:{}:{}/{}/{}", api.region(), api.account(), api.id(), event.stage->name, event.route_key);
}

// Where AWS asks a service.
std::string url_of(const ServiceCall& call) {
  const ServiceUri& uri = call.uri;
  const std::string query = uri.is_action ? "Action=" + uri.rest : call.query;
  return fmt::format("https://{}.{}.amazonaws.com/{}{}{}", uri.service, uri.region, uri.is_action ? "" : uri.rest, query.empty() ? "" : "?",
                     query);
}

void log_answer(const RouteEvent& event, const IntegrationResult& answer) {
  log_response(event, answer.status, answer.headers, answer.body, answer.headers.get("x-amzn-requestid"));
}

bool is_timeout(const Fault& fault) { return fault.code == integration_timed_out().code; }

Fault cannot_be_asked(RouteEvent& event, std::string why) {
  event.integration_error = std::move(why);
  return integration_cannot_be_asked();
}

// What Lambda said instead of running the function. Where there is no room or no server it may be asked again.
Fault function_not_run(RouteEvent& event, const Fault& fault) {
  event.integration_status = fault.status;
  event.integration_error = fault.message;
  event.is_worth_repeating = fault.status == 429 || fault.status >= 500;
  if (event.log && event.is_worth_repeating)
    event.log->error(fmt::format("Lambda invocation failed with status: {}. {}", fault.status, fault.message));
  return event.is_worth_repeating ? integration_failed() : integration_cannot_be_asked();
}

// What a function failed with, in its own words.
struct FunctionProblem {
  std::string type, message;

  static FunctionProblem in(std::string_view payload) {
    const auto told = json::parse(payload);
    auto text = [&](std::string_view name) {
      const json::Value* value = told ? told->find(name) : nullptr;
      return value && value->is_string() ? std::string(value->as_string()) : std::string();
    };
    return {.type = text("errorType"), .message = text("errorMessage")};
  }
};

// An environment that ended was ended by itself or by others; the function's own errors say what it decided.
Fault function_error(RouteEvent& event, const FunctionAnswer& answer) {
  FunctionProblem problem = FunctionProblem::in(answer.payload);
  event.integration_error = problem.message.empty() ? answer.error : std::move(problem.message);
  event.is_worth_repeating = problem.type == "Runtime.ExitError";
  if (event.log)
    event.log->error(fmt::format("Lambda execution failed with status 200 due to customer function error: {}. Lambda request id: {}",
                                 event.integration_error, answer.request_id));
  return integration_failed();
}

Result<IntegrationResult> result_of(RouteEvent& event, Result<FunctionAnswer> answer) {
  if (!answer) return fail(is_timeout(answer.error()) ? std::move(answer.error()) : function_not_run(event, answer.error()));
  event.integration_status = 200;
  event.integration_request_id = answer->request_id;
  log_response(event, 200, {}, answer->payload, answer->request_id);
  if (!answer->error.empty()) return fail(function_error(event, *answer));
  Result<IntegrationResult> result = read_function_answer(answer->payload);
  if (result) return result;
  event.integration_error = result.error().message;
  return fail(integration_failed());
}

// A route's models are asked of where a body is looked into: not for proxies, as on AWS.
Result<void> check_body(RouteEvent& event, const DeployedApi::Route& route, const EventValues& values) {
  if (event.type != RouteEvent::Type::message) return {};
  const BodyModels::Model* model = route.models.find(values);
  if (!model) return {};
  if (!*model) return fail(cannot_be_asked(event, "The route's model is no schema: " + model->error()));
  const json::Value* body = values.document(expr::SelectionVariable::request_body);
  std::optional<std::string> violation = body ? (*model)->violation(*body) : "/: is no JSON";
  if (!violation) return {};
  event.validation_error = std::move(*violation);
  return fail(bad_request_body());
}

// What a backend could not be asked, or did not answer.
Fault unanswered(RouteEvent& event, Fault fault) {
  if (is_timeout(fault) || !event.integration_error.empty()) return fault;
  event.integration_error = fault.message.empty() ? fault.code : fmt::format("{}: {}", fault.code, fault.message);
  event.is_worth_repeating = fault.status >= 500;
  return fault.status == 400 ? integration_cannot_be_asked() : integration_failed();
}

// Integration responses go by what a function failed with, and else by the status (API Gateway Developer Guide, "Set up a WebSocket API
// integration response").
std::string subject_of(RouteEvent& event, IntegrationResult& answer, bool is_function) {
  if (!is_function) return std::to_string(answer.status);
  if (!answer.headers.find("x-amz-function-error")) return answer.status < 400 ? "" : std::to_string(answer.status);
  FunctionProblem problem = FunctionProblem::in(answer.body);
  event.integration_error = problem.message;
  answer.status = integration_failed().status;
  return problem.message;
}

// Of an endpoint's answer to $connect: what is meant for the client, and not for the connection to the endpoint.
net::Headers fields_of_handshake(const net::Headers& given) {
  net::Headers fields;
  for (const net::Header& header : given) {
    if (ascii_equal_ignoring_case(header.name, "sec-websocket-protocol") || ascii_equal_ignoring_case(header.name, "set-cookie"))
      fields.add(header.name, header.value);
  }
  return fields;
}

}  // namespace

Task<Result<IntegrationResult>> Integrations::run(RoutedEvent at) {
  RouteEvent& event = at.event;
  const SteadyTime begun = backends_.world.clock.steady();
  Result<IntegrationResult> result = co_await keep(carry_out(std::move(at)));
  event.integration_latency_ms = std::chrono::duration<double, std::milli>(backends_.world.clock.steady() - begun).count();
  co_return result;
}

Task<Result<IntegrationResult>> Integrations::carry_out(RoutedEvent at) {
  const std::string& type = at.integration().record.type;
  if (type == "AWS_PROXY") return call_function(std::move(at));
  if (type == "HTTP_PROXY") return pass_on(std::move(at));
  return call_mapped(std::move(at));
}

Task<Result<IntegrationResult>> Integrations::call_function(RoutedEvent at) {
  RouteEvent& event = at.event;
  const IntegrationRecord& record = at.integration().record;
  const std::optional<std::string> function = function_in_uri(with_stage_variables(record.uri.value_or(""), *event.stage));
  if (!function) co_return fail(cannot_be_asked(event, "The integration's URI names no function."));
  FunctionCall call{.account = event.stage->api->account(),
                    .function = *function,
                    .source_arn = source_of(event),
                    .credentials = record.credentials_arn.value_or(""),
                    .payload = write_function_event(event, at.values.body()),
                    .trace_header = event.trace_header,
                    .stop = timed_.stop_token()};
  log_request(event, function_url(*function), {}, call.payload);
  auto answer = co_await keep(timed_.run(time_limit(at.integration()), std::move(at.share), backends_.functions.invoke(std::move(call))));
  co_return result_of(event, std::move(answer));
}

// An endpoint gets the message, or the handshake's fields and parameters, as they came.
Task<Result<IntegrationResult>> Integrations::pass_on(RoutedEvent at) {
  MappedRequest request = co_await pass_request(at.event, at.integration().mapping, at.values);
  auto answer = co_await keep(ask_http(at, std::move(request)));
  if (!answer) co_return fail(unanswered(at.event, std::move(answer.error())));
  at.event.integration_status = answer->status;
  answer->headers = fields_of_handshake(answer->headers);
  answer->is_binary = !is_valid_utf8(answer->body);
  co_return answer;
}

Task<Result<IntegrationResult>> Integrations::call_mapped(RoutedEvent at) {
  RouteEvent& event = at.event;
  co_await check_body(event, at.route, at.values);
  MappedRequest request = co_await map_request(event, at.integration().mapping, at.values);
  Result<IntegrationResult> answer = co_await keep(ask(at, std::move(request)));
  if (!answer) co_return fail(unanswered(event, std::move(answer.error())));
  event.integration_status = answer->status;
  event.integration_request_id = answer->headers.get("x-amzn-requestid");
  const bool is_function = at.integration().record.type == "AWS" && function_in_uri(at.integration().record.uri.value_or(""));
  const std::string subject = subject_of(event, *answer, is_function);
  co_return map_response(event, at.integration().mapping, at.values, std::move(*answer), subject);
}

Task<Result<IntegrationResult>> Integrations::ask(RoutedEvent& at, MappedRequest request) {
  const std::string& type = at.integration().record.type;
  if (type == "MOCK") co_return mock_answer(at.event, request);
  if (type == "AWS") co_return co_await keep(ask_service(at, std::move(request)));
  if (type == "HTTP") co_return co_await keep(ask_http(at, std::move(request)));
  co_return fail(cannot_be_asked(at.event, fmt::format("There are no integrations of type {}.", type)));
}

Task<Result<IntegrationResult>> Integrations::ask_service(RoutedEvent& at, MappedRequest request) {
  const RouteEvent& event = at.event;
  const IntegrationRecord& record = at.integration().record;
  auto uri = ServiceUri::parse(with_stage_variables(record.uri.value_or(""), *event.stage));
  if (!uri) co_return fail(cannot_be_asked(at.event, "The integration's URI names no action and no path of a service."));
  ServiceCall call{.uri = std::move(*uri),
                   .method = record.method.value_or("POST"),
                   .headers = std::move(request.headers),
                   .query = query_of(request),
                   .body = std::move(request.body),
                   .identity = acting_identity(event.stage->api->account(), record.credentials_arn.value_or("")),
                   .source_arn = source_of(event),
                   .stop = timed_.stop_token()};
  log_request(event, url_of(call), call.headers, call.body);
  auto answer = co_await keep(timed_.run(time_limit(at.integration()), std::move(at.share), backends_.services.send(std::move(call))));
  if (answer) log_answer(event, *answer);
  co_return answer;
}

// A client that sends messages has gone when the server drains; what a connection's end is told to still gets its time.
std::stop_token Integrations::waits_no_longer(const RouteEvent& event) const {
  return event.type == RouteEvent::Type::message ? backends_.world.draining : timed_.stop_token();
}

Task<Result<IntegrationResult>> Integrations::ask_http(RoutedEvent& at, MappedRequest request) {
  const IntegrationRecord& record = at.integration().record;
  std::string method = record.method.value_or("POST");
  if (method == "ANY") method = "POST";
  std::string url = endpoint_url(with_stage_variables(record.uri.value_or(""), *at.event.stage), request);
  log_request(at.event, url, request.headers, request.body);
  auto answer = co_await keep(ask_endpoint(backends_.world, backends_.clients,
                                           {.method = std::move(method),
                                            .url = std::move(url),
                                            .headers = std::move(request.headers),
                                            .body = std::move(request.body),
                                            .time_max = time_limit(at.integration()),
                                            .stop = waits_no_longer(at.event)}));
  if (answer) log_answer(at.event, *answer);
  co_return answer;
}

}  // namespace outcrop::gateway
