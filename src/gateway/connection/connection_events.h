// ConnectionEvents: what happens to connections, as the routes of their APIs hear of it. Connections call it; event/ carries it out.
#pragma once
#include <optional>
#include <string>

#include "base/task.h"
#include "gateway/api/api_source.h"
#include "gateway/connection/connection_context.h"
#include "net/websocket.h"

namespace outcrop::gateway {

// The code of the fault that connect() ends with when it is the integration that refuses: no failure, but its answer, which the message is.
inline constexpr const char* refused_by_integration = "INTEGRATION_REFUSED";

class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;

  // Whether that client may connect at all: throttles, authorizer, IAM. Adds to the record what they say of the client. Faults: the
  // status and the message that the handshake is answered with (401, 403, 429, 500).
  virtual Task<Result<void>> authorize(const ServedStage& stage, ConnectionContext& connection, const Handshake& handshake) = 0;

  // $connect, before the 101, once the connection's record is kept. Gives the fields that go with the 101. Faults: as authorize(), with
  // what the integration refused it with; it is then as if the connection had never been.
  virtual Task<Result<net::Headers>> connect(const ServedStage& stage, const ConnectionContext& connection, const Handshake& handshake) = 0;

  // A message. Gives what is to be sent back: the route's response, or the error that it ended with; none of a one-way route.
  // Several of one connection may be under way.
  virtual Task<std::optional<net::WebSocketMessage>> message(const ConnectionContext& connection, net::WebSocketMessage message) = 0;

  // $disconnect, once. False: it could not be carried out and is to be tried again (the server stops).
  virtual Task<bool> disconnect(const ConnectionContext& connection, const net::CloseReason& reason) = 0;
};

}  // namespace outcrop::gateway
