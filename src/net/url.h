// Absolute http and https URLs (RFC 3986), parsed strictly: what two parsers could read as two hosts is refused.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::net {

struct Url {
  bool tls = false;      // https
  std::string userinfo;  // raw, "user:password"; only where it was allowed
  std::string host;      // lower case; "example.com", "127.0.0.1", "::1" (no brackets)
  uint16_t port = 0;     // the scheme's own when none was written
  std::string target;    // raw path and query, "/v1/models?x=1"; "/" when empty. A fragment is dropped.

  std::string_view scheme() const { return tls ? "https" : "http"; }
  bool has_default_port() const { return port == (tls ? 443 : 80); }
  std::string host_text() const;  // "example.com", "[::1]"
  std::string authority() const;  // as the Host field has it: "example.com", "example.com:8080", "[::1]:8080"
};

enum class Userinfo { refused, allowed };

// Fault: InvalidUrl 400, whose message says what is wrong. At most limits::url_bytes_max.
Result<Url> parse_url(std::string_view text, Userinfo userinfo = Userinfo::refused);

// "example.com", "example.com:8080", "[::1]:8080", "::1" in brackets only. Fault: InvalidUrl 400.
struct HostPort {
  std::string host;
  uint16_t port = 0;  // 0: none was written
};
Result<HostPort> parse_authority(std::string_view text);

// Sixteen bytes of an IP address literal, IPv4 ones mapped (::ffff:a.b.c.d); for comparing.
struct IpAddress {
  uint8_t bytes[16] = {};
  bool is_v4() const;
};
// None when `text` is no literal; IPv4 in four decimal parts only.
std::optional<IpAddress> parse_ip(std::string_view text);

}  // namespace outcrop::net
