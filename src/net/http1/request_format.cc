#include "net/http1/request_format.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "net/http1/format.h"
#include "net/http1/syntax.h"

namespace outcrop::net {

namespace {

bool is_clients_own(std::string_view name) {
  static constexpr std::string_view names[] = {"expect", "trailer", "upgrade"};
  return is_framing_field(name) ||
         std::ranges::any_of(names, [name](std::string_view own) { return ascii_equal_ignoring_case(name, own); });
}

bool is_host(const Header& header) { return ascii_equal_ignoring_case(header.name, "host"); }

bool suggests_body(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

bool is_target(std::string_view target) {
  return (target.starts_with('/') || target == "*") && std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// As Url::authority, without making it.
void append_authority(std::string& out, const Url& url) {
  bool bracketed = url.host.contains(':');
  if (bracketed) out += '[';
  out += url.host;
  if (bracketed) out += ']';
  if (url.has_default_port()) return;
  out += ':';
  append_decimal(out, url.port);
}

}  // namespace

RequestFraming framing_of_whole(const ClientRequest& request) {
  using Body = RequestFraming::Body;
  if (request.body.empty()) return {suggests_body(request.method) ? Body::length : Body::none};
  return {Body::length, request.body.size(), request.expect_continue};
}

std::string_view find_unwritable(const ClientRequest& request) {
  if (!is_token(request.method) || request.method == "CONNECT") return "The method cannot be sent.";
  if (!is_target(request.url.target)) return "The target is not a path with its query, percent-encoded.";
  if (request.url.host.empty() || request.url.port == 0) return "There is no host or port.";
  if (std::ranges::count_if(request.headers, is_host) > 1) return "There is more than one host field.";
  for (const Header& header : request.headers) {
    if (!is_token(header.name)) return "The name of a header field is no token.";
    if (!all_are(header.value, value_byte)) return "The value of a header field has control characters.";
  }
  return {};
}

void append_request_head(std::string& out, const ClientRequest& request, const RequestFraming& framing, const Proxy* proxy) {
  out.append(request.method).append(" ");
  if (proxy) {
    out.append("http://");
    append_authority(out, request.url);
  }
  out.append(request.url.target).append(" HTTP/1.1\r\n");
  if (!request.headers.find("host")) {
    out.append("host: ");
    append_authority(out, request.url);
    out.append("\r\n");
  }
  for (const Header& header : request.headers) {
    if (!is_clients_own(header.name)) append_line(out, header.name, header.value);
  }
  if (proxy && !proxy->authorization.empty()) append_line(out, "proxy-authorization", proxy->authorization);
  if (framing.body == RequestFraming::Body::length) {
    out.append("content-length: ");
    append_decimal(out, framing.length);
    out.append("\r\n");
  } else if (framing.body == RequestFraming::Body::chunked) {
    out.append("transfer-encoding: chunked\r\n");
  }
  if (framing.expect_continue) out.append("expect: 100-continue\r\n");
  out.append("\r\n");
}

void append_connect(std::string& out, const Url& url, const Proxy& proxy) {
  std::string authority = fmt::format("{}:{}", url.host_text(), url.port);
  out.append("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
  append_line(out, "host", authority);
  if (!proxy.authorization.empty()) append_line(out, "proxy-authorization", proxy.authorization);
  out.append("\r\n");
}

}  // namespace outcrop::net
