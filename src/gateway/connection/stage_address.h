// StageAddress: how clients reach the stage of an API: by a path, since the names that AWS gives APIs do not resolve everywhere, or by
// Host.
//   ws://HOST:PORT/_aws/execute-api/{apiId}/{stage}
//   Host {apiId}.execute-api.{region}.amazonaws.com or {apiId}.execute-api.localhost, path /{stage}
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::gateway {

struct StageAddress {
  static constexpr std::string_view path_prefix = "/_aws/execute-api/";

  std::string api_id;
  std::string stage;  // "" when the path names none
  std::string rest;   // of the path, behind the stage: "" or "/…"

  // None when that is no such address. `host` may have a port.
  static std::optional<StageAddress> of(std::string_view host, std::string_view path);
};

// "Chat.Example.com:4566" as names are compared: "chat.example.com".
std::string bare_host(std::string_view host);

// Whether a path ends in "/@connections/ID", which is the management API's, wherever its endpoint lies.
bool is_connections_path(std::string_view path);

}  // namespace outcrop::gateway
