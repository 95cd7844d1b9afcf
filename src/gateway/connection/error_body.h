// What clients of WebSocket APIs are told when something goes wrong, as a message or in answer to a handshake; spelled as AWS spells it.
#pragma once
#include <string>
#include <string_view>

namespace outcrop::gateway {

struct ErrorBody {
  std::string_view message;                              // "Forbidden"
  std::string_view connection_id = {}, request_id = {};  // of a connection that there is
};

// {"message": "Forbidden", "connectionId":"eHrdFcnvvHcCE-w=", "requestId":"…"}, or {"message": "Forbidden"}
std::string error_body(const ErrorBody& error);

}  // namespace outcrop::gateway
