#include "gateway/event/service_calls.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/arn.h"
#include "base/encoding.h"
#include "wire/protocol.h"
#include "wire/validate.h"

namespace outcrop::gateway {

namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded", json_type = "application/x-amz-json-1.0";

std::vector<const wire::ServiceModel*> models_in(const Directory& directory) {
  std::vector<const wire::ServiceModel*> models;
  for (const Directory::Service* service : directory.services()) models.push_back(&service->model);
  return models;
}

bool is_json(std::string_view body) {
  const size_t first = body.find_first_not_of(" \t\r\n");
  return first != body.npos && body[first] == '{';
}

bool speaks(const wire::ServiceModel& service, wire::ProtocolKind kind) {
  return std::ranges::find(service.protocols, kind) != service.protocols.end();
}

bool speaks_json(const wire::ServiceModel& service) {
  return speaks(service, wire::ProtocolKind::aws_json_1_0) || speaks(service, wire::ProtocolKind::aws_json_1_1);
}

void add_parameter(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form += fmt::format("{}={}", name, percent_encode(value));
}

bool has_parameter(std::string_view form, std::string_view name) {
  return form.starts_with(fmt::format("{}=", name)) || form.contains(fmt::format("&{}=", name));
}

// A form, with what the URI says that a query protocol's client would say in it.
std::string form_of(const ServiceCall& call, const wire::ServiceModel& model, const std::string& operation) {
  std::string form = call.query;
  if (!call.body.empty() && !form.empty()) form += '&';
  form += call.body;
  if (!operation.empty() && !has_parameter(form, "Action")) add_parameter(form, "Action", operation);
  if (!has_parameter(form, "Version")) add_parameter(form, "Version", model.api_version);
  if (model.name == "sqs" && !call.uri.is_action && !call.uri.rest.empty() && !has_parameter(form, "QueueUrl"))
    add_parameter(form, "QueueUrl", "/" + call.uri.rest);
  return form;
}

struct WireRequest {
  net::RequestHead head;
  std::string body;
};

// An action of a service that has JSON and forms goes by what the body is; a path is a path, unless the service knows none.
WireRequest request_of(ServiceCall call, const wire::ServiceModel& model) {
  WireRequest request{.head = {.method = "POST", .path = "/", .headers = std::move(call.headers)}, .body = {}};
  const std::string operation = call.uri.is_action ? call.uri.rest : "";
  const bool has_form = speaks(model, wire::ProtocolKind::aws_query);
  if (has_form && !is_json(call.body)) {
    request.head.headers.set("content-type", std::string(form_type));
    request.head.headers.erase("x-amz-target");
    request.body = form_of(call, model, operation);
    return request;
  }
  if (!speaks_json(model)) {
    request.head.method = std::move(call.method);
    const size_t question = std::min(call.uri.rest.find('?'), call.uri.rest.size());
    request.head.path = "/" + call.uri.rest.substr(0, question);
    request.head.query = question < call.uri.rest.size() ? call.uri.rest.substr(question + 1) : std::move(call.query);
  } else {
    if (!operation.empty()) request.head.headers.set("x-amz-target", fmt::format("{}.{}", model.target_prefix, operation));
    request.head.headers.set("content-type", std::string(json_type));
  }
  request.body = call.body.empty() && speaks_json(model) ? "{}" : std::move(call.body);
  return request;
}

}  // namespace

std::optional<ServiceUri> ServiceUri::parse(std::string_view text) {
  constexpr std::string_view action = "action/", path = "path/";
  const std::optional<Arn> arn = parse_arn(text);
  if (!arn || arn->service != "apigateway" || arn->account.empty()) return std::nullopt;
  const bool is_action = arn->resource.starts_with(action);
  if (!is_action && !arn->resource.starts_with(path)) return std::nullopt;
  std::string_view rest = arn->resource.substr(is_action ? action.size() : path.size());
  while (!is_action && rest.starts_with('/')) rest.remove_prefix(1);
  if (is_action && rest.empty()) return std::nullopt;
  return ServiceUri{std::string(arn->region), std::string(arn->account), is_action, std::string(rest)};
}

ServiceCalls::ServiceCalls(World& world, Directory& directory, bool enforced)
    : world_(world), directory_(directory), router_(models_in(directory)), enforced_(enforced) {}

const wire::ServiceModel* ServiceCalls::find_service(std::string_view name) const {
  for (const Directory::Service* service : directory_.services()) {
    const wire::ServiceModel& model = service->model;
    if (model.endpoint_prefix == name || model.signing_name == name || model.name == name) return &model;
  }
  return nullptr;
}

Task<Result<IntegrationResult>> ServiceCalls::send(ServiceCall service_call) {
  const wire::ServiceModel* model = find_service(service_call.uri.service);
  if (!model) co_return fail("UnknownService", 400, fmt::format("There is no service {} on this server.", service_call.uri.service));
  Call call{.world = world_,
            .identity = std::move(service_call.identity),
            .region = service_call.uri.region,
            .service = std::string(model->name),
            .request_id = world_.random.uuid(),
            .source_arn = std::move(service_call.source_arn),
            .enforced = enforced_,
            .stop = std::move(service_call.stop)};
  const WireRequest request = request_of(std::move(service_call), *model);
  auto route = router_.route(request.head, model->signing_name, request.body);
  const wire::Protocol* protocol = route ? route->protocol : route.error().protocol;
  Result<wire::Response> response;
  if (!route)
    response = fail(route.error().fault);
  else
    response = co_await keep(carry_out(call, *route, request.head, request.body));
  if (!response) response = protocol->encode_fault(model, response.error(), call.request_id);
  IntegrationResult result{
      .status = response->head.status, .headers = std::move(response->head.headers), .body = std::move(response->body)};
  result.headers.set("x-amzn-requestid", call.request_id);
  co_return result;
}

Task<Result<wire::Response>> ServiceCalls::carry_out(Call& call, const wire::Route& route, const net::RequestHead& head,
                                                     std::string_view body) {
  const Directory::Service* service = directory_.find(route.service->name);
  const Directory::Operation* operation = Directory::find(*service, route.operation->name);
  if (!operation) co_return fail(wire::not_implemented(*route.service, *route.operation));
  if (operation->input_stream || operation->output_stream)
    co_return fail("ValidationException", 400, fmt::format("The operation {} streams, which integrations cannot.", route.operation->name));
  call.operation = std::string(route.operation->name);
  call.by_query = route.protocol == &wire::aws_query();
  auto decode = [&]() -> Result<wire::Erased> {
    wire::Erased input = route.operation->make_input();
    wire::Missing missing;
    const wire::Request encoded{.head = head, .body = body, .labels = route.labels};
    Result<void> decoded = route.protocol->decode(*route.service, *route.operation, encoded, input.get(), missing);
    if (!decoded) return fail(std::move(decoded.error()));
    wire::fill_idempotency_tokens(*route.operation->input, input.get(), missing, [&] { return world_.random.uuid(); });
    Result<void> valid = wire::validate(*route.service, *route.operation, input.get(), missing);
    if (!valid) return fail(std::move(valid.error()));
    return input;
  };
  wire::Erased output = co_await directory_.carry_out(*service, *operation, call, decode);
  wire::Response response = route.protocol->encode(*route.service, *route.operation, output.get(), call.request_id);
  for (const net::Header& header : call.answer_headers) response.head.headers.add(header.name, header.value);
  co_return response;
}

}  // namespace outcrop::gateway
