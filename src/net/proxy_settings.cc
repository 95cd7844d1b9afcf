#include "net/proxy_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace outcrop::net {

namespace {

bool in_network(const IpAddress& ip, const IpAddress& network, int prefix_bits) {
  int whole = prefix_bits / 8, rest = prefix_bits % 8;
  if (!std::equal(ip.bytes, ip.bytes + whole, network.bytes)) return false;
  if (rest == 0) return true;
  uint8_t mask = uint8_t(0xff << (8 - rest));
  return (ip.bytes[whole] & mask) == (network.bytes[whole] & mask);
}

// The name itself, or one below it.
bool is_at_or_below(std::string_view host, std::string_view suffix) {
  if (host.size() < suffix.size() || !ascii_equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix)) return false;
  return host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
}

std::optional<int> parse_number(std::string_view text, int max) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > max) return std::nullopt;
  return number;
}

Result<std::optional<Proxy>> parse_proxy(std::string_view name, std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::string with_scheme = text.contains("://") ? std::string(text) : fmt::format("http://{}", text);
  Result<Url> url = parse_url(with_scheme, Userinfo::allowed);
  // Neither message may show the value: it can hold a password.
  if (!url) return fail("InvalidUrl", 400, fmt::format("The environment variable {} is no proxy URL such as http://host:port.", name));
  if (url->tls)
    return fail("InvalidUrl", 400, fmt::format("The environment variable {} names an https proxy; only http ones are supported.", name));
  Proxy proxy{std::move(url->host), url->port, {}};
  if (!url->userinfo.empty()) {
    std::optional<std::string> userinfo = percent_decode(url->userinfo);
    if (!userinfo) return fail("InvalidUrl", 400, fmt::format("The user or password in {} is badly percent-encoded.", name));
    if (!userinfo->contains(':')) *userinfo += ':';
    proxy.authorization = fmt::format("Basic {}", base64(*userinfo));
  }
  return proxy;
}

struct NamedValue {
  const char* name = "";
  std::string_view value;
};

// The first that is set. An empty lower-case variable counts: it switches off the others.
NamedValue first_set(const ProxySettings::Variable& variable, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = variable(name)) return {name, value};
  }
  return {};
}

}  // namespace

NoProxy::NoProxy(std::string_view list) {
  while (!list.empty()) {
    size_t end = list.find_first_of(", \t");
    add(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
}

void NoProxy::add(std::string_view text) {
  if (text == "*") everybody_ = true;
  Entry entry;
  if (std::optional<IpAddress> ip = parse_ip(text)) {  // "::1" is an address, not a name with a port
    entry.network = ip;
    return entries_.push_back(std::move(entry));
  }
  if (size_t slash = text.find('/'); slash != std::string_view::npos) {
    entry.network = parse_ip(text.substr(0, slash));
    if (!entry.network) return;
    int bits_max = entry.network->is_v4() && !text.contains(':') ? 32 : 128;
    std::optional<int> bits = parse_number(text.substr(slash + 1), bits_max);
    if (!bits) return;
    entry.prefix_bits = 128 - bits_max + *bits;
    return entries_.push_back(std::move(entry));
  }
  if (size_t colon = text.rfind(':'); colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
    std::optional<int> port = parse_number(text.substr(colon + 1), 65535);
    if (!port) return;
    entry.port = uint16_t(*port);
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  entry.network = parse_ip(text);
  if (text.starts_with("*.")) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty()) return;
  if (!entry.network) entry.suffix = ascii_lower(text);
  entries_.push_back(std::move(entry));
}

bool NoProxy::covers(std::string_view host, uint16_t port) const {
  if (everybody_) return true;
  if (entries_.empty()) return false;
  std::optional<IpAddress> ip = parse_ip(host);
  if (host.ends_with('.')) host.remove_suffix(1);
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    if (entry.port != 0 && entry.port != port) return false;
    if (entry.network) return ip && in_network(*ip, *entry.network, entry.prefix_bits);
    return !ip && is_at_or_below(host, entry.suffix);
  });
}

Result<ProxySettings> ProxySettings::from_environment(const Variable& variable) {
  ProxySettings settings;
  bool is_cgi = variable("REQUEST_METHOD") != nullptr;
  NamedValue for_http = is_cgi ? first_set(variable, {"http_proxy", "all_proxy", "ALL_PROXY"})
                               : first_set(variable, {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
  NamedValue for_https = first_set(variable, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  for (auto [chosen, proxy] : {std::pair(&for_http, &settings.http), std::pair(&for_https, &settings.https)}) {
    Result<std::optional<Proxy>> parsed = parse_proxy(chosen->name, chosen->value);
    if (!parsed) return std::unexpected(parsed.error());
    *proxy = std::move(*parsed);
  }
  settings.no_proxy = NoProxy(first_set(variable, {"no_proxy", "NO_PROXY"}).value);
  return settings;
}

const Proxy* ProxySettings::choose(bool tls, std::string_view host, uint16_t port) const {
  const std::optional<Proxy>& proxy = tls ? https : http;
  if (!proxy || no_proxy.covers(host, port)) return nullptr;
  return &*proxy;
}

}  // namespace outcrop::net
