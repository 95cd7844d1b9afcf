#include "auth/web_guard.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/encoding.h"

namespace outcrop::auth {

namespace {

struct Authority {
  std::string host;  // lower case, without brackets and without the dot at its end
  std::string port;  // digits; empty when absent

  bool operator==(const Authority&) const = default;
};

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "Localhost.:4566", "[::1]:4566", "example.com". None when it is no authority.
std::optional<Authority> parse_authority(std::string_view text) {
  Authority authority;
  if (text.starts_with('[')) {
    size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    authority.host = ascii_lower(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  } else {
    size_t end = std::min(text.find(':'), text.size());
    authority.host = ascii_lower(text.substr(0, end));
    if (authority.host.ends_with('.')) authority.host.pop_back();
    text.remove_prefix(end);
  }
  if (authority.host.empty()) return std::nullopt;
  if (text.empty()) return authority;
  if (!text.starts_with(':') || !is_port(text.substr(1))) return std::nullopt;
  authority.port = text.substr(1);
  return authority;
}

// As browsers write it: scheme, "://", authority, nothing more. The port is the scheme's when absent.
std::optional<Authority> parse_web_origin(std::string_view text) {
  std::string_view default_port;
  for (auto [scheme, port] : {std::pair{"http://", "80"}, std::pair{"https://", "443"}}) {
    std::string_view prefix = scheme;
    if (text.size() <= prefix.size() || !ascii_equal_ignoring_case(text.substr(0, prefix.size()), prefix)) continue;
    default_port = port;
    text.remove_prefix(prefix.size());
    break;
  }
  if (default_port.empty() || text.find_first_of("/?#@") != std::string_view::npos) return std::nullopt;
  std::optional<Authority> authority = parse_authority(text);
  if (authority && authority->port.empty()) authority->port = default_port;
  return authority;
}

bool is_ip_address(const std::string& host) {
  unsigned char address[sizeof(in6_addr)];
  std::string without_zone = host.substr(0, host.find('%'));
  return inet_pton(AF_INET, host.c_str(), address) == 1 || inet_pton(AF_INET6, without_zone.c_str(), address) == 1;
}

// Names nobody but AWS can point anywhere.
bool is_aws_endpoint(std::string_view host) {
  return host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn") || host.ends_with(".api.aws");
}

bool is_configured_host(std::string_view host, const WebGuardConfig& config) {
  return std::ranges::any_of(config.host_names, [&](const std::string& name) {
    if (!name.starts_with('.')) return ascii_equal_ignoring_case(host, name);
    bool is_itself = ascii_equal_ignoring_case(host, std::string_view(name).substr(1));
    return is_itself || (host.size() > name.size() && ascii_equal_ignoring_case(host.substr(host.size() - name.size()), name));
  });
}

bool is_our_host(const std::string& host, const WebGuardConfig& config) {
  return host == "localhost" || host.ends_with(".localhost") || is_ip_address(host) || is_aws_endpoint(host) ||
         is_configured_host(host, config);
}

bool is_our_origin(std::string_view text, const std::optional<Authority>& host, const WebGuardConfig& config) {
  auto is_same_text = [&](const std::string& configured) { return ascii_equal_ignoring_case(configured, text); };
  if (std::ranges::any_of(config.origins, is_same_text)) return true;
  std::optional<Authority> origin = parse_web_origin(text);
  return origin && host && *origin == *host;
}

std::unexpected<Fault> refused(std::string message) { return fail("AccessDenied", 403, std::move(message)); }

}  // namespace

Result<void> check_web_origin(const net::RequestHead& head, const WebGuardConfig& config) {
  std::optional<Authority> host = parse_authority(head.host);
  // No browser leaves Host out, so its absence is no web page's doing.
  if (!head.host.empty() && (!host || !is_our_host(host->host, config))) {
    return refused("The Host header names neither this machine nor a host listed in the configuration (web.host_names).");
  }
  if (host && host->port.empty()) host->port = head.tls ? "443" : "80";

  bool has_origin = false;
  for (const net::Header& header : head.headers) {
    if (!ascii_equal_ignoring_case(header.name, "origin")) continue;
    has_origin = true;
    if (!is_our_origin(header.value, host, config)) {
      return refused(
          "A web page of another origin may not call this server in open mode; allow its origin in the configuration (web.origins).");
    }
  }
  // Images, scripts and links of foreign pages come without Origin, but browsers say where they come from.
  std::string_view site = head.headers.get("sec-fetch-site");
  if (!has_origin && (ascii_equal_ignoring_case(site, "cross-site") || ascii_equal_ignoring_case(site, "same-site"))) {
    return refused("A web page of another origin may not call this server in open mode.");
  }
  return {};
}

}  // namespace outcrop::auth
