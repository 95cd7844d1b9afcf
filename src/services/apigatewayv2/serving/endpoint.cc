#include "services/apigatewayv2/serving/endpoint.h"

#include <fmt/format.h>

namespace outcrop::apigatewayv2 {

std::string shown_endpoint(const Call& call, std::string_view api) {
  constexpr std::string_view below_localhost = ".localhost", path_prefix = "/_aws/execute-api/";
  const std::string_view endpoint = call.endpoint;
  const size_t host_begin = endpoint.find("://") + 3;
  const std::string_view scheme = endpoint.starts_with("https") ? "wss" : "ws";
  const std::string_view authority = endpoint.substr(host_begin);
  const size_t port_begin = std::min(authority.rfind(':'), authority.size());
  if (authority.substr(0, port_begin).ends_with(below_localhost))
    return fmt::format("{}://{}.execute-api.{}{}{}", scheme, api, call.region, below_localhost, authority.substr(port_begin));
  return fmt::format("{}://{}{}{}", scheme, authority, path_prefix, api);
}

}  // namespace outcrop::apigatewayv2
