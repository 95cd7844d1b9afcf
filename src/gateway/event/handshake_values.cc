#include "gateway/event/handshake_values.h"

#include <fmt/format.h>

#include "auth/query_parameters.h"
#include "base/encoding.h"

namespace outcrop::gateway {

namespace {

// Of the connection to us (RFC 9110 section 7.6.1), or written anew.
bool is_of_the_hop(std::string_view name) {
  for (std::string_view own : {"host", "connection", "upgrade", "keep-alive", "te", "trailer", "transfer-encoding", "proxy-connection"}) {
    if (ascii_equal_ignoring_case(name, own)) return true;
  }
  return false;
}

// "4566" of "[2001:db8::1]:4566" and "example.com:4566"; the scheme's own when there is none.
std::string_view port_in(std::string_view host, bool tls) {
  const size_t colon = host.rfind(':');
  if (colon == host.npos || host.ends_with(']')) return tls ? "443" : "80";
  return host.substr(colon + 1);
}

std::string decoded_text(std::string_view text) { return percent_decode(text, /* plus_is_space */ true).value_or(std::string(text)); }

}  // namespace

NamedValues header_values(const net::RequestHead& head, std::string_view trace_header) {
  NamedValues values(NamedValues::Case::ignored);
  values.add("Host", head.host);
  for (const net::Header& header : head.headers) {
    if (!is_of_the_hop(header.name)) values.add(header.name, header.value);
  }
  const auto* forwarded = values.find("X-Forwarded-For");
  values.set("X-Amzn-Trace-Id", std::string(trace_header));
  values.set("X-Forwarded-For", forwarded ? fmt::format("{}, {}", fmt::join(*forwarded, ", "), head.peer.address) : head.peer.address);
  values.set("X-Forwarded-Port", std::string(port_in(head.host, head.tls)));
  values.set("X-Forwarded-Proto", head.tls ? "https" : "http");
  return values;
}

NamedValues query_values(const net::RequestHead& head) {
  NamedValues values(NamedValues::Case::sensitive);
  auth::for_each_query_parameter(head.query, [&](std::string_view name, std::string_view value) {
    if (!name.empty()) values.add(decoded_text(name), decoded_text(value));
  });
  return values;
}

}  // namespace outcrop::gateway
