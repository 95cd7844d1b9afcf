#include "core/client_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "wire/route.h"

namespace outcrop {

namespace {

constexpr std::string_view own_header_prefix = "x-outcrop-";

net::Headers extra_headers_of(const net::RequestHead& head, std::span<const std::string> names) {
  net::Headers found;
  for (const net::Header& header : head.headers) {
    const std::string_view beginning = std::string_view(header.name).substr(0, own_header_prefix.size());
    auto is_it = [&](const std::string& name) { return ascii_equal_ignoring_case(header.name, name); };
    if (ascii_equal_ignoring_case(beginning, own_header_prefix) || std::ranges::any_of(names, is_it)) found.add(header.name, header.value);
  }
  return found;
}

}  // namespace

Call client_call(World& world, const net::Exchange& exchange, auth::Caller caller, std::string_view service, std::string_view operation,
                 std::string request_id, const ClientCallOptions& options) {
  const net::RequestHead& head = exchange.head();
  const std::string_view host = head.host.empty() ? options.host_fallback : wire::without_host_prefix(head.host);
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
          .traceparent = std::string(head.headers.get("traceparent")),
          .secure_transport = head.tls,
          .extra_headers = extra_headers_of(head, options.extra_headers),
          .stop = exchange.stop_token()};
}

}  // namespace outcrop
