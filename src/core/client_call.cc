#include "core/client_call.h"

#include <fmt/format.h>

#include "wire/route.h"

namespace outcrop {

Call client_call(World& world, const net::Exchange& exchange, auth::Caller caller, std::string_view service, std::string_view operation,
                 std::string request_id, std::string_view host_fallback) {
  const net::RequestHead& head = exchange.head();
  const std::string_view host = head.host.empty() ? host_fallback : wire::without_host_prefix(head.host);
  return {.world = world,
          .identity = std::move(caller.identity),
          .region = std::move(caller.region),
          .service = std::string(service),
          .operation = std::string(operation),
          .request_id = std::move(request_id),
          .endpoint = fmt::format("{}://{}", head.tls ? "https" : "http", host),
          .source_ip = head.peer.address,
          .user_agent = std::string(head.headers.get("user-agent")),
          .trace_header = std::string(head.headers.get("x-amzn-trace-id")),
          .secure_transport = head.tls,
          .stop = exchange.stop_token()};
}

}  // namespace outcrop
