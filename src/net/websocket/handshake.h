// The opening handshake of WebSocket (RFC 6455 section 4) without what answers it: whether a request asks for it, and
// asks properly.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace outcrop::net {

// Whether the request wants to go on as WebSocket, properly or not.
bool asks_for_websocket(const RequestHead& head);

// Faults: MethodNotAllowed 405; UpgradeRequired 426 for another version than 13; BadRequest 400 for the rest.
Result<void> check_websocket_handshake(const RequestHead& head);

// The subprotocols the client offers, the one it likes best first.
std::vector<std::string_view> offered_subprotocols(const RequestHead& head);

// What proves to the client that we know what it asked for (section 4.2.2), from its key.
std::string websocket_accept(std::string_view key);

}  // namespace outcrop::net
