#include "gateway/connection/websocket_front.h"

#include "base/encoding.h"
#include "base/log.h"
#include "gateway/connection/error_body.h"
#include "gateway/connection/stage_address.h"
#include "net/websocket.h"

namespace outcrop::gateway {

namespace {

Fault forbidden() { return {"ForbiddenException", 403, "Forbidden"}; }
Fault internal_error() { return {"InternalServerErrorException", 500, "Internal server error"}; }

// "L0SM9cOFvHcCIhw=", as AWS's; nobody can guess it.
std::string new_connection_id(Random& random) {
  std::string chance(limits::connection_id_bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(chance)));
  return base64url(chance) + "=";
}

net::WebSocketOptions options_for(LiveConnections& connections) {
  return {.limits = {.frame_bytes_max = limits::frame_bytes_max, .message_bytes_max = limits::message_bytes_max},
          .queued_bytes_max = std::numeric_limits<size_t>::max(),  // the connection bounds what it sends
          .budget = &connections.unfinished_messages()};
}

// By its status; none of what an integration answered by itself.
std::string_view error_type_of(const Fault& fault) {
  if (fault.code == refused_by_integration) return {};
  switch (fault.status) {
    case 401:
      return "UnauthorizedException";
    case 403:
      return "ForbiddenException";
    case 429:
      return "LimitExceededException";
    case 500:
      return "InternalServerErrorException";
    default:
      return {};
  }
}

// Without the connection when it never had an API.
std::string error_text(const Fault& fault, const ConnectionContext& connection, std::string_view request_id) {
  const bool has_api = !connection.record.api_id.empty();
  return error_body({.message = fault.message, .connection_id = has_api ? connection.id : std::string_view(), .request_id = request_id});
}

bool is_whole_path(std::string_view rest) { return rest.empty() || rest == "/"; }

}  // namespace

bool WebSocketFront::takes(const net::RequestHead& head) {
  if (is_connections_path(head.path)) return false;
  return StageAddress::of(head.host, head.path).has_value() || net::WebSocket::is_requested(head);
}

// What the handshake needed is gone while the connection lasts.
Task<void> WebSocketFront::serve(net::Exchange& exchange) {
  std::optional<Admitted> admitted;
  {
    const std::string request_id = parts_.world.random.uuid();
    ConnectionContext connection{.id = new_connection_id(parts_.world.random), .record = {}};
    Result<Admitted> result = fail(internal_error());
    try {
      result = co_await keep(admit(exchange, connection, request_id));
    } catch (const std::exception& problem) {
      log::error("a WebSocket handshake threw", {{"connection", connection.id}, {"problem", problem.what()}});
    }
    if (!result) co_return co_await refuse(exchange, result.error(), connection, request_id);
    admitted = std::move(*result);
  }
  co_await parts_.connections.converse(std::move(admitted->context), admitted->settings, std::move(admitted->socket));
}

Task<Result<WebSocketFront::Admitted>> WebSocketFront::admit(net::Exchange& exchange, ConnectionContext& connection,
                                                             const std::string& request_id) {
  const net::RequestHead& head = exchange.head();
  if (!net::WebSocket::is_requested(head)) co_return fail(forbidden());
  co_await net::WebSocket::validate(head);
  const std::shared_ptr<const ServedStage> stage = co_await find_stage(head);
  connection.record = record_of(head, *stage);
  const Handshake handshake{exchange, head, request_id};
  co_await parts_.events.authorize(*stage, connection, handshake);
  Result<Admitted> admitted = co_await keep(connect(exchange, handshake, *stage, std::make_shared<const ConnectionContext>(connection)));
  if (!admitted) parts_.guards.release(connection);
  co_return admitted;
}

// From the record on, either $connect refuses and nothing is left, or the connection gets its $disconnect, even when its client has gone
// before it heard that it was let in.
Task<Result<WebSocketFront::Admitted>> WebSocketFront::connect(net::Exchange& exchange, const Handshake& handshake,
                                                               const ServedStage& stage,
                                                               std::shared_ptr<const ConnectionContext> connection) {
  LiveConnections& connections = parts_.connections;
  co_await connections.records().put(*connection);
  Result<net::Headers> headers = co_await keep(ask_connect(handshake, stage, *connection));
  if (!headers) {
    co_await connections.records().erase(connection->id);
    co_return fail(std::move(headers.error()));
  }
  auto socket = co_await keep(net::WebSocket::accept(exchange, options_for(connections), std::move(*headers)));
  if (!socket) {
    connections.part_from(std::move(connection), {net::close_code::abnormal, ""});
    co_return fail(std::move(socket.error()));
  }
  co_return Admitted{std::move(connection), ConnectionSettings::of(stage.api->record()), std::move(*socket)};
}

Task<Result<net::Headers>> WebSocketFront::ask_connect(const Handshake& handshake, const ServedStage& stage,
                                                       const ConnectionContext& connection) {
  try {
    co_return co_await keep(parts_.events.connect(stage, connection, handshake));
  } catch (const std::exception& problem) {
    log::error("a $connect threw", {{"connection", connection.id}, {"problem", problem.what()}});
  }
  co_return fail(internal_error());
}

Task<Result<std::shared_ptr<const ServedStage>>> WebSocketFront::find_stage(const net::RequestHead& head) {
  std::optional<StageAddress> address = StageAddress::of(head.host, head.path);
  if (!address) {
    std::optional<MappedStage> mapped = co_await parts_.apis.find_domain(bare_host(head.host), head.path);
    if (mapped) address = StageAddress{std::move(mapped->api_id), std::move(mapped->stage), std::move(mapped->rest)};
  }
  if (!address || !is_whole_path(address->rest)) co_return fail(forbidden());
  std::shared_ptr<const ServedStage> stage = co_await parts_.apis.find(address->api_id, address->stage);
  if (!stage) co_return fail(forbidden());
  co_return stage;
}

ConnectionRecord WebSocketFront::record_of(const net::RequestHead& head, const ServedStage& stage) const {
  return {.api_id = stage.api->id(),
          .stage = stage.name,
          .account = stage.api->account(),
          .region = stage.api->region(),
          .connected_at = parts_.world.clock.wall(),
          .domain_name = head.host.substr(0, limits::kept_field_bytes_max),
          .source_ip = head.peer.address,
          .user_agent = std::string(head.headers.get("user-agent").substr(0, limits::kept_field_bytes_max))};
}

// A client that has gone does not hear it; there is nobody left to tell.
Task<void> WebSocketFront::refuse(net::Exchange& exchange, const Fault& fault, const ConnectionContext& connection,
                                  const std::string& request_id) {
  net::ResponseHead head{fault.status, {{"content-type", "application/json"}, {"x-amzn-requestid", request_id}}};
  if (std::string_view type = error_type_of(fault); !type.empty()) head.headers.add("x-amzn-errortype", std::string(type));
  if (fault.status == 405) head.headers.add("allow", "GET");
  if (fault.status == 426) {
    head.headers.add("upgrade", "websocket");
    head.headers.add("sec-websocket-version", "13");
  }
  std::string body = fault.code == refused_by_integration ? fault.message : error_text(fault, connection, request_id);
  [[maybe_unused]] Result<void> sent = co_await keep(exchange.respond(std::move(head), std::move(body)));
}

}  // namespace outcrop::gateway
