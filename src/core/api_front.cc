#include "core/api_front.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "core/answer_stream.h"
#include "core/client_call.h"
#include "core/request_stream.h"
#include "wire/gzip.h"
#include "wire/validate.h"

namespace outcrop {

namespace {

auth::Dialect dialect_of(const wire::Route& route) {
  if (route.protocol == &wire::aws_query()) return auth::Dialect::query;
  if (route.protocol == &wire::rest_json_1()) return auth::Dialect::rest_json;
  if (route.protocol == &wire::rest_xml()) return auth::Dialect::s3;
  return route.service->query_compatible ? auth::Dialect::query_compatible_json : auth::Dialect::json;
}

std::vector<const wire::ServiceModel*> models_of(const Directory& directory) {
  std::vector<const wire::ServiceModel*> models;
  for (const Directory::Service* service : directory.services()) models.push_back(&service->model);
  return models;
}

// An operation that AWS has and Outcrop has not yet. 501 because no SDK retries it, unlike 500 and 503.
Fault not_implemented(const wire::Route& route) {
  return {"NotImplemented", 501,
          fmt::format("Outcrop does not implement the operation {} of {} yet.", route.operation->name, route.service->name)};
}

}  // namespace

// One request on its way in. Filled step by step; what is known when something goes wrong words the answer.
struct ApiFront::Request {
  net::Exchange& exchange;
  const net::RequestHead& head;
  std::string request_id;
  std::string_view scope_service;
  std::string body;  // as it came
  std::optional<std::string> inflated;
  wire::Route route;
  auth::Caller caller;
  const Directory::Service* service = nullptr;
  const Directory::Operation* operation = nullptr;  // null when it has no file
  std::variant<std::monostate, wire::BodySource, wire::MessageReader> input_stream;
  std::optional<Call> call;  // outlives what streams on its behalf
  std::optional<AnswerStream> answer;

  std::string_view plain_body() const { return inflated ? *inflated : body; }
  const wire::Protocol& protocol() const { return route.protocol ? *route.protocol : wire::aws_json_1_0(); }
};

ApiFront::ApiFront(World& world, Directory& directory, auth::Authenticator& authenticator, ApiFrontOptions options)
    : world_(world), directory_(directory), authenticator_(authenticator), options_(std::move(options)), router_(models_of(directory)) {}

Task<void> ApiFront::serve(net::Exchange& exchange) {
  Request request = {.exchange = exchange, .head = exchange.head(), .request_id = world_.random.uuid()};
  const SteadyTime begun = world_.clock.steady();
  Result<wire::Response> response;
  try {
    response = co_await answer(request);
  } catch (const std::exception& problem) {  // not the operation's, which the directory caught: routing, auth, a codec
    log::error("a request threw", {{"path", request.head.path}, {"request_id", request.request_id}, {"problem", problem.what()}});
    response = fail("InternalFailure", 500, "The request processing has failed because of an unknown error, exception or failure.");
  }
  if (!response && response.error().code == connection_dropped) {
    exchange.abort();
    co_return;
  }
  if (options_.access_log) {
    log::debug("call", {{"service", request.route.service ? request.route.service->name : ""},
                        {"operation", request.route.operation ? request.route.operation->name : ""},
                        {"account", request.caller.identity.account},
                        {"request_id", request.request_id},
                        {"status", response ? response->head.status : response.error().status},
                        {"error", response ? "" : response.error().code},
                        {"ms", std::chrono::duration<double, std::milli>(world_.clock.steady() - begun).count()}});
  }
  const bool is_answered = response.has_value();
  if (!response) response = request.protocol().encode_fault(request.route.service, response.error(), request.request_id);
  if (request.call) {
    for (const net::Header& header : request.call->answer_headers) response->head.headers.add(header.name, header.value);
  }
  if (is_answered && request.answer) co_return co_await send_stream(request, std::move(response->head));
  // A client that has gone does not hear the answer; there is nobody left to tell.
  [[maybe_unused]] Result<void> sent = co_await keep(exchange.respond(std::move(response->head), std::move(response->body)));
}

Task<Result<wire::Response>> ApiFront::answer(Request& request) {
  if (!authenticator_.enforced()) co_await auth::check_web_origin(request.head, options_.web_guard);
  request.scope_service = auth::scope_service(request.head);
  co_await receive(request);
  if (!request.operation) co_return fail(not_implemented(request.route));
  request.call.emplace(call_of(request));
  wire::Erased output = co_await directory_.carry_out(*request.service, *request.operation, *request.call, [&] { return decode(request); });
  const wire::Operation& model = *request.route.operation;
  wire::Response response = request.protocol().encode(*request.route.service, model, output.get(), request.request_id);
  if (const wire::Member* member = request.operation->output_stream) {
    request.answer.emplace(std::move(output), *model.output, *member, request.protocol().payload_format());
    Result<void> begun = co_await keep(request.answer->begin());
    if (!begun) {
      directory_.count_error(*request.call, begun.error());
      co_return fail(std::move(begun.error()));
    }
  }
  co_return response;
}

Task<void> ApiFront::send_stream(Request& request, net::ResponseHead head) {
  Result<void> sent = co_await keep(request.answer->send(request.exchange, std::move(head)));
  if (sent) co_return;
  directory_.count_error(*request.call, sent.error());
  log::debug("a stream ended early", {{"service", request.call->service},
                                      {"operation", request.call->operation},
                                      {"request_id", request.request_id},
                                      {"error", sent.error().code}});
}

// A form names its operation in the body, everything else in the head. A body is inflated after its signature was
// verified; only a form's is needed before, because its operation decides how a wrong signature is worded.
Task<Result<void>> ApiFront::receive(Request& request) {
  const bool is_form = wire::Router::needs_body(request.head);
  if (!is_form) co_await route(request);
  if (request.operation && request.operation->input_stream) co_return co_await keep(receive_stream(request));
  const size_t bytes_max = body_bytes_max(request);
  request.body = co_await request.exchange.read_body(bytes_max);
  if (is_form) {
    co_await inflate(request, bytes_max);
    co_await route(request);
    co_await authenticate(request);
  } else {
    co_await authenticate(request);
    co_await inflate(request, bytes_max);
  }
  co_return {};
}

// A body that the operation reads while it comes. Only where the client does not say what it signed the whole is needed first.
Task<Result<void>> ApiFront::receive_stream(Request& request) {
  const bool is_whole = authenticator_.enforced() && signed_payload_hash(request.head).empty();
  if (is_whole) request.body = co_await request.exchange.read_body(body_bytes_max(request));
  co_await authenticate(request);
  wire::BodySource whole = std::exchange(request.body, {});
  if (!request.operation->input_stream->shape->element) {
    if (!is_whole) whole = co_await stream_body(request.exchange, request.caller);
    request.input_stream = std::move(whole);
    co_return {};
  }
  auto messages = is_whole ? wire::MessageReader(std::move(whole)) : stream_messages(request.exchange, request.caller);
  if (request.protocol().payload_format()->has_initial_message) {
    std::optional<wire::Message> initial = co_await messages.next();
    if (!initial || initial->text(":event-type") != wire::initial_request)
      co_return fail("SerializationException", 400, "The event stream does not begin with an initial request.");
    request.body = std::move(initial->payload);
  }
  request.input_stream = std::move(messages);
  co_return {};
}

Result<void> ApiFront::route(Request& request) const {
  std::expected<wire::Route, wire::Misroute> route = router_.route(request.head, request.scope_service, request.plain_body());
  if (route) {
    request.route = std::move(*route);
    request.service = directory_.find(request.route.service->name);
    request.operation = Directory::find(*request.service, request.route.operation->name);
    if (request.operation && request.operation->has_events() && !request.protocol().payload_format())
      return fail("InvalidAction", 400, "Operations with event streams cannot be called in this protocol.");
    return {};
  }
  request.route = {.service = route.error().service, .protocol = route.error().protocol};
  return fail(std::move(route.error().fault));
}

// Before the operation is known the credential scope may tell the service; else the largest counts, that of the query protocol's
// services for a form that no path can give to others.
size_t ApiFront::body_bytes_max(const Request& request) const {
  if (request.route.service) return directory_.find(request.route.service->name)->policy.body_bytes_max;
  const bool is_query = request.head.path == "/" && wire::Router::needs_body(request.head);
  size_t largest = 0;
  for (const Directory::Service* service : directory_.services()) {
    if (service->model.signing_name == request.scope_service) return service->policy.body_bytes_max;
    if (is_query && std::ranges::find(service->model.protocols, wire::ProtocolKind::aws_query) == service->model.protocols.end()) continue;
    largest = std::max(largest, service->policy.body_bytes_max);
  }
  return largest;
}

Result<void> ApiFront::inflate(Request& request, size_t bytes_max) const {
  if (!ascii_equal_ignoring_case(request.head.headers.get("content-encoding"), "gzip")) return {};
  Result<std::string> inflated = wire::gunzip(request.body, bytes_max);
  if (!inflated) return fail(std::move(inflated.error()));
  request.inflated = std::move(*inflated);
  return {};
}

Result<void> ApiFront::authenticate(Request& request) const {
  const std::string_view announced = request.operation && request.operation->input_stream ? signed_payload_hash(request.head) : "";
  auto body_hash = [&] { return announced.empty() ? hex(sha256(request.body)) : std::string(announced); };
  Result<auth::Caller> caller = authenticator_.authenticate(request.head, body_hash,
                                                            {.signing_name = request.route.service->signing_name,
                                                             .dialect = dialect_of(request.route),
                                                             .may_be_unsigned = request.route.operation->is_unsigned});
  if (!caller) return fail(std::move(caller.error()));
  request.caller = std::move(*caller);
  return {};
}

// The caller is moved from but for its account, which the log wants.
Call ApiFront::call_of(Request& request) const {
  auth::Caller caller = std::move(request.caller);
  request.caller.identity.account = caller.identity.account;
  Call call = client_call(world_, request.exchange, std::move(caller), request.route.service->name, request.route.operation->name,
                          request.request_id, {.host_fallback = options_.host_fallback, .extra_headers = options_.extra_headers});
  call.request_bytes = request.plain_body().size();
  call.by_query = request.route.protocol == &wire::aws_query();
  call.enforced = authenticator_.enforced();
  call.deadline = world_.clock.steady() + options_.call_time_max;
  return call;
}

void ApiFront::attach_stream(Request& request, void* input) {
  const wire::Member& member = *request.operation->input_stream;
  void* stream = member.emplace(input);
  if (auto* body = std::get_if<wire::BodySource>(&request.input_stream)) {
    *static_cast<wire::BodySource*>(stream) = std::move(*body);
  } else if (auto* messages = std::get_if<wire::MessageReader>(&request.input_stream)) {
    auto& events = *static_cast<wire::EventStream*>(stream);
    events.read_from(
        wire::read_events(std::move(*messages), *member.shape->element, *request.protocol().payload_format(), events.make_event()));
  }
}

// The input struct of the operation; the body is let go, and with it, unless the service says otherwise, its share
// of the server's budget.
Result<wire::Erased> ApiFront::decode(Request& request) const {
  const auto& [service, operation, protocol, labels] = request.route;
  wire::Erased input = operation->make_input();
  wire::Missing missing;
  const wire::Request encoded = {.head = request.head, .body = request.plain_body(), .labels = labels};
  Result<void> decoded = protocol->decode(*service, *operation, encoded, input.get(), missing);
  request.body = {};
  request.inflated.reset();
  if (!request.service->policy.keeps_body_budget) request.exchange.release_body_budget();
  if (!decoded) return fail(std::move(decoded.error()));
  if (request.operation->input_stream) attach_stream(request, input.get());
  wire::fill_idempotency_tokens(*operation->input, input.get(), missing, [&] { return world_.random.uuid(); });
  Result<void> valid = wire::validate(*service, *operation, input.get(), missing);
  if (!valid) return fail(std::move(valid.error()));
  return input;
}

}  // namespace outcrop
