#include "gateway/event/route_events.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/log.h"
#include "gateway/connection/error_body.h"
#include "gateway/event/execution_log.h"
#include "gateway/event/route_selection.h"

namespace outcrop::gateway {

namespace {

constexpr size_t id_bytes = 11;  // make the sixteen characters of AWS's ids: "JjPcXEU8oAMFpUw="

std::string new_id(Random& random) {
  std::string bytes(id_bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return base64(bytes);
}

// The authorizer and $connect are steps of one request, and hear of it by one id.
std::string id_of_handshake(std::string uuid) {
  std::erase(uuid, '-');
  const std::optional<std::string> bytes = unhex(uuid);
  check(bytes && bytes->size() >= id_bytes, "the id of a handshake is a UUID");
  return base64(std::string_view(*bytes).substr(0, id_bytes));
}

std::string trace_of_handshake(const Handshake& handshake, World& world) {
  if (const std::string* given = handshake.head.headers.find("x-amzn-trace-id")) return *given;
  std::string chance(12, '\0');
  world.random.fill(std::as_writable_bytes(std::span(chance)));
  return fmt::format("Root=1-{:08x}-{}", seconds_since_epoch(world.clock.real_wall()), hex(chance));
}

// Guards have noted already why they refuse.
void note(RouteEvent& event, const Fault& fault) {
  if (!event.error_response_type.empty()) return;
  event.status = fault.status;
  event.error_message = fault.message;
  event.error_response_type = fault.code;
}

net::WebSocketMessage error_message(const ConnectionContext& connection, std::string_view request_id, std::string_view message) {
  return {.data = error_body({.message = message, .connection_id = connection.id, .request_id = request_id})};
}

// What a function's refusal of a connection is: its status, with its body.
Fault refusal_of(IntegrationResult result) { return {refused_by_integration, result.status, std::move(result.body)}; }

// That go with a 101; what makes the 101 one is the connection's.
net::Headers handshake_fields(net::Headers given) {
  for (std::string_view own : {"connection", "upgrade", "sec-websocket-accept", "sec-websocket-extensions", "content-length",
                               "transfer-encoding", "content-type", "date"})
    given.erase(own);
  return given;
}

}  // namespace

RouteEvent RouteEvents::begin(std::shared_ptr<const ServedStage> stage, const ConnectionContext& connection, RouteEvent::Type type) const {
  RouteEvent event{.stage = std::move(stage), .connection = connection, .type = type};
  event.at = world_.clock.wall();
  event.request_id = event.extended_request_id = new_id(world_.random);
  if (type == RouteEvent::Type::message) event.message_id = new_id(world_.random);
  return event;
}

// The stage is the caller's, who waits.
RouteEvent RouteEvents::begin_connect(const ServedStage& stage, const ConnectionContext& connection, const Handshake& handshake) const {
  RouteEvent event = begin({std::shared_ptr<const ServedStage>(), &stage}, connection, RouteEvent::Type::connect);
  event.handshake = &handshake;
  event.route_key = "$connect";
  event.request_id = event.extended_request_id = id_of_handshake(handshake.request_id);
  event.trace_header = trace_of_handshake(handshake, world_);
  event.log = ExecutionLog::of(event, world_.clock);
  return event;
}

void RouteEvents::record(const RouteEvent& event) {
  log_end(event);
  guards_.record(event);
}

Task<Result<std::shared_ptr<const ServedStage>>> RouteEvents::stage_of(const ConnectionContext& connection) {
  auto stage = co_await keep(source_.find(connection.record.api_id, connection.record.stage));
  if (!stage) {
    log::warning("an API could not be read for an event of its connection",
                 {{"api", connection.record.api_id}, {"stage", connection.record.stage}, {"problem", stage.error().message}});
  }
  co_return stage;
}

Task<Result<IntegrationResult>> RouteEvents::run(const DeployedApi::Route& route, EventValues& values) {
  const size_t bytes_of_log = values.event().log ? limits::event_log_bytes : 0;
  auto share = in_flight_.take(values.body().size() + limits::event_bytes_least + bytes_of_log);
  if (!share) co_return fail(too_many_events());
  co_return co_await keep(integrations_.run({values.event(), route, values, std::move(*share)}));
}

Task<Result<void>> RouteEvents::authorize(const ServedStage& stage, ConnectionContext& connection, const Handshake& handshake) {
  RouteEvent event = begin_connect(stage, connection, handshake);
  Result<void> admitted = co_await keep(guards_.admit_connection(event, stage.api->find_route("$connect"), connection));
  if (admitted) {
    handshake.admitted = std::make_shared<const RouteEvent>(std::move(event));
    co_return {};
  }
  note(event, admitted.error());
  record(event);
  co_return admitted;
}

// A $connect route without an integration is there for its authorizer.
Task<Result<net::Headers>> RouteEvents::connect(const ServedStage& stage, const ConnectionContext& connection, const Handshake& handshake) {
  RouteEvent event = handshake.admitted ? *handshake.admitted : begin_connect(stage, connection, handshake);
  const DeployedApi::Route* route = stage.api->find_route("$connect");
  Result<IntegrationResult> result;
  EventValues values(event, "");
  log_start(event, "");
  if (route && route->integration) result = co_await keep(run(*route, values));
  if (result && result->status / 100 != 2) result = fail(refusal_of(std::move(*result)));
  if (!result) note(event, result.error());
  record(event);
  if (!result) {
    guards_.release(connection);
    co_return fail(std::move(result.error()));
  }
  co_return handshake_fields(std::move(result->headers));
}

Task<std::optional<net::WebSocketMessage>> RouteEvents::message(const ConnectionContext& connection, net::WebSocketMessage message) {
  Result<std::shared_ptr<const ServedStage>> stage = co_await keep(stage_of(connection));
  if (!stage || !*stage) {
    const Fault fault = stage ? no_route() : integration_cannot_be_asked();
    co_return error_message(connection, new_id(world_.random), fault.message);
  }
  RouteEvent event = begin(std::move(*stage), connection, RouteEvent::Type::message);
  Result<Answer> answer = co_await keep(answer_message(event, message));
  if (!answer) note(event, answer.error());
  record(event);
  if (!answer) co_return error_message(connection, event.request_id, answer.error().message);
  co_return std::move(*answer);
}

Task<Result<RouteEvents::Answer>> RouteEvents::answer_message(RouteEvent& event, const net::WebSocketMessage& message) {
  EventValues values(event, message.data);
  const DeployedApi::Route* route = select_route(*event.stage->api, values);
  if (route) event.route_key = route->record.key;
  event.log = ExecutionLog::of(event, world_.clock);
  log_start(event, message.data);
  if (!route) co_return fail(no_route());
  values.context_changed();
  co_await guards_.admit_message(event, *route, message.data.size());
  if (!route->integration) co_return fail(integration_cannot_be_asked());
  IntegrationResult result = co_await run(*route, values);
  event.status = result.status;
  if (!route->is_two_way || result.body.empty()) co_return Answer();
  if (result.body.size() > limits::message_bytes_max) {
    event.integration_error = "The answer is larger than a message may be.";
    co_return fail(integration_failed());
  }
  using Kind = net::WebSocketMessage::Kind;
  co_return Answer({.kind = result.is_binary ? Kind::binary : Kind::text, .data = std::move(result.body)});
}

Task<bool> RouteEvents::disconnect(const ConnectionContext& connection, const net::CloseReason& reason) {
  guards_.release(connection);
  Result<std::shared_ptr<const ServedStage>> stage = co_await keep(stage_of(connection));
  if (!stage) co_return false;
  if (!*stage) co_return true;
  RouteEvent event = begin(std::move(*stage), connection, RouteEvent::Type::disconnect);
  event.route_key = "$disconnect";
  event.closed = &reason;
  event.log = ExecutionLog::of(event, world_.clock);
  log_start(event, "");
  const DeployedApi::Route* route = event.stage->api->find_route("$disconnect");
  const bool is_done = !route || !route->integration || co_await end_connection(event, *route);
  record(event);
  co_return is_done;
}

// AWS promises no delivery. Here it is tried again when it was not the function that failed, because what an application keeps of a
// connection would stay for good; and if that is in vain for minutes, by the next server.
Task<bool> RouteEvents::end_connection(RouteEvent& event, const DeployedApi::Route& route) {
  Milliseconds delay = limits::disconnect_retry_delay;
  for (int attempt = 1;; ++attempt) {
    event.is_worth_repeating = false;
    event.error_message.clear();
    event.error_response_type.clear();
    EventValues values(event, "");
    Result<IntegrationResult> result = co_await keep(run(route, values));
    if (result) {
      event.status = result->status;
      co_return true;
    }
    note(event, result.error());
    if (!event.is_worth_repeating) co_return true;
    if (world_.draining.stop_requested() || integrations_.stop_token().stop_requested()) co_return false;
    if (attempt == limits::disconnect_attempts_max) co_return false;
    co_await steady_until(world_.clock.steady() + delay, world_.draining);
    delay = std::min(2 * delay, limits::disconnect_retry_delay_max);
  }
}

}  // namespace outcrop::gateway
