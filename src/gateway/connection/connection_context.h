// What is known of a WebSocket connection as long as it lasts, and of the handshake that began it.
#pragma once
#include <memory>
#include <string>

#include "gen/records/gateway.h"
#include "net/http.h"

namespace outcrop::gateway {

struct RouteEvent;

// Complete once the connection is authorized, and the same from then on, also for a server that finds it left by an earlier one.
struct ConnectionContext {
  std::string id;  // "L0SM9cOFvHcCIhw=", as AWS's
  ConnectionRecord record;
};

// Lives as long as $connect is being carried out.
struct Handshake {
  const net::Exchange& exchange;
  const net::RequestHead& head;
  std::string request_id;  // UUID
  // What authorize() learned of it, for connect(): they are steps of one event.
  mutable std::shared_ptr<const RouteEvent> admitted = {};
};

}  // namespace outcrop::gateway
