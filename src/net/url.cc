#include "net/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/encoding.h"
#include "net/limits.h"

namespace outcrop::net {

namespace {

std::unexpected<Fault> invalid_url(std::string message) { return fail("InvalidUrl", 400, std::move(message)); }

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Letters, digits, hyphens, underscores (which Docker's names have) and dots between labels; one dot may end it.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > limits::host_name_bytes_max) return false;
  if (host.ends_with('.')) host.remove_suffix(1);
  while (true) {
    size_t dot = host.find('.');
    std::string_view label = host.substr(0, dot);
    bool named = std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
    if (label.empty() || label.size() > 63 || !named) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

// What resolvers take for an IPv4 address though it is not four decimal parts: "127.1", "0x7f.1", "2130706433".
bool looks_like_ipv4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.starts_with("0x") || last.starts_with("0X")) return true;
  return !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

Result<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return invalid_url(fmt::format("'{}' is no port.", text));
  return port;
}

Result<std::string> parse_host(std::string_view text) {
  if (!parse_ip(text) && looks_like_ipv4(text)) return invalid_url(fmt::format("'{}' is no IPv4 address in four decimal parts.", text));
  if (!is_host_name(text)) return invalid_url(fmt::format("'{}' is no host name.", text));
  return ascii_lower(text);
}

Result<std::string> parse_bracketed(std::string_view text) {
  std::string_view host = text.substr(1, text.size() - 2);
  std::optional<IpAddress> ip = text.ends_with(']') && host.contains(':') ? parse_ip(host) : std::nullopt;
  if (!ip) return invalid_url(fmt::format("'{}' is no IPv6 address.", text));
  return ascii_lower(host);
}

}  // namespace

std::string Url::host_text() const { return host.contains(':') ? fmt::format("[{}]", host) : host; }

std::string Url::authority() const { return has_default_port() ? host_text() : fmt::format("{}:{}", host_text(), port); }

bool IpAddress::is_v4() const {
  static constexpr uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::memcmp(bytes, mapped, sizeof mapped) == 0;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  char name[INET6_ADDRSTRLEN + 1];
  if (text.size() >= sizeof name) return std::nullopt;
  std::memcpy(name, text.data(), text.size());
  name[text.size()] = '\0';
  if (std::strlen(name) != text.size()) return std::nullopt;
  IpAddress ip;
  if (inet_pton(AF_INET6, name, ip.bytes) == 1) return ip;
  if (inet_pton(AF_INET, name, ip.bytes + 12) != 1) return std::nullopt;
  ip.bytes[10] = ip.bytes[11] = 0xff;
  return ip;
}

Result<HostPort> parse_authority(std::string_view text) {
  size_t host_bytes = text.starts_with('[') ? text.find(']') : text.find(':');
  if (text.starts_with('[') && host_bytes != std::string_view::npos) ++host_bytes;
  std::string_view host = text.substr(0, host_bytes), rest = text.substr(host.size());
  if (host.empty()) return invalid_url("There is no host.");
  if (!rest.empty() && rest[0] != ':') return invalid_url(fmt::format("'{}' is no host with a port.", text));
  Result<std::string> name = host.starts_with('[') ? parse_bracketed(host) : parse_host(host);
  if (!name) return std::unexpected(name.error());
  if (rest.empty()) return HostPort{std::move(*name), 0};
  Result<uint16_t> port = parse_port(rest.substr(1));
  if (!port) return std::unexpected(port.error());
  return HostPort{std::move(*name), *port};
}

Result<Url> parse_url(std::string_view text, Userinfo userinfo) {
  if (text.size() > limits::url_bytes_max) return invalid_url(fmt::format("The URL is longer than {} bytes.", limits::url_bytes_max));
  if (std::ranges::any_of(text, [](char c) { return uint8_t(c) >= 0x80; })) {
    return invalid_url("The URL has characters outside ASCII; write its host in Punycode (xn--…) and percent-encode its path.");
  }
  if (!std::ranges::all_of(text, is_visible_ascii)) return invalid_url("The URL has blanks or control characters.");
  if (text.contains('\\')) return invalid_url("The URL has a backslash.");
  text = text.substr(0, text.find('#'));

  Url url;
  size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return invalid_url("The URL does not begin with http:// or https://.");
  url.tls = ascii_equal_ignoring_case(text.substr(0, scheme), "https");
  if (!url.tls && !ascii_equal_ignoring_case(text.substr(0, scheme), "http")) {
    return invalid_url(fmt::format("The scheme '{}' is not supported; http and https are.", text.substr(0, scheme)));
  }
  text.remove_prefix(scheme + 3);
  std::string_view authority = text.substr(0, text.find_first_of("/?"));
  text.remove_prefix(authority.size());
  if (size_t at = authority.rfind('@'); at != std::string_view::npos) {
    if (userinfo == Userinfo::refused) return invalid_url("The URL has a user name or password, which does not belong there.");
    url.userinfo = authority.substr(0, at);
    if (url.userinfo.contains('@')) return invalid_url("The URL has two '@' before its path.");
    authority.remove_prefix(at + 1);
  }
  Result<HostPort> where = parse_authority(authority);
  if (!where) return std::unexpected(where.error());
  url.host = std::move(where->host);
  url.port = where->port ? where->port : (url.tls ? 443 : 80);
  url.target = text.starts_with('/') ? std::string(text) : fmt::format("/{}", text);
  return url;
}

}  // namespace outcrop::net
