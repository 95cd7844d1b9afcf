// WebSocketFront: clients of WebSocket APIs on their way in. A handshake waits for the authorizer and for $connect, which may refuse it;
// what is let in becomes a connection, whose record is kept before $connect hears of it.
//
// These are no control planes: web pages of any origin may connect, as on AWS; an API's authorizer and $connect decide who may.
#pragma once
#include <memory>

#include "core/world.h"
#include "gateway/api/api_source.h"
#include "gateway/connection/connection_events.h"
#include "gateway/connection/live_connections.h"
#include "net/http.h"

namespace outcrop::gateway {

// All must outlive the front.
struct WebSocketFrontParts {
  World& world;
  ApiSource& apis;
  ConnectionEvents& events;
  Guards& guards;
  LiveConnections& connections;
};

class WebSocketFront final : public net::Handler {
 public:
  explicit WebSocketFront(const WebSocketFrontParts& parts) : parts_(parts) {}

  // Requests to the address of a stage, and WebSocket handshakes to any: only APIs speak WebSocket here, and their custom domain names are
  // not known by looking at them. Not what is for the management API.
  static bool takes(const net::RequestHead& head);

  Task<void> serve(net::Exchange& exchange) override;

 private:
  // Who was let in.
  struct Admitted {
    std::shared_ptr<const ConnectionContext> context;
    ConnectionSettings settings;
    std::unique_ptr<net::WebSocket> socket;
  };

  Task<Result<Admitted>> admit(net::Exchange& exchange, ConnectionContext& connection, const std::string& request_id);
  Task<Result<Admitted>> connect(net::Exchange& exchange, const Handshake& handshake, const ServedStage& stage,
                                 std::shared_ptr<const ConnectionContext> connection);
  Task<Result<net::Headers>> ask_connect(const Handshake& handshake, const ServedStage& stage, const ConnectionContext& connection);
  Task<Result<std::shared_ptr<const ServedStage>>> find_stage(const net::RequestHead& head);
  ConnectionRecord record_of(const net::RequestHead& head, const ServedStage& stage) const;
  static Task<void> refuse(net::Exchange& exchange, const Fault& fault, const ConnectionContext& connection, const std::string& request_id);

  const WebSocketFrontParts parts_;
};

}  // namespace outcrop::gateway
