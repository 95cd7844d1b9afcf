#include "services/apigatewayv2/serving/endpoint.h"

#include <fmt/format.h>

#include "base/log.h"

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

void log_where_served(const Call& call, std::string_view api, std::string_view stage) {
  log::info("a stage is deployed", {{"url", fmt::format("{}/{}", shown_endpoint(call, api), stage)},
                                    {"named", fmt::format("wss://{}.execute-api.{}.amazonaws.com/{}", api, call.region, stage)}});
}

}  // namespace outcrop::apigatewayv2
