// Which proxy a request goes through, by the environment variables that curl and everybody after it reads.
//
// http_proxy for http, https_proxy for https, all_proxy where those are not set; lower case is preferred, and
// HTTP_PROXY in capitals counts only outside CGI (where REQUEST_METHOD is set a client's "Proxy" field becomes that
// variable, CVE-2016-5385). no_proxy lists who is reached directly: names (with their subdomains, with or without a
// leading dot), addresses, address ranges ("10.0.0.0/8", "fd00::/8"), each with an optional port; "*" is everybody.
// As with curl, loopback targets are nothing special: whoever sets a proxy lists them in no_proxy.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/url.h"

namespace outcrop::net {

struct Proxy {
  std::string host;
  uint16_t port = 0;
  std::string authorization;  // value of Proxy-Authorization, made of the user and password in its URL; or empty

  bool operator==(const Proxy&) const = default;
};

// Who is reached directly.
class NoProxy {
 public:
  NoProxy() = default;
  // Commas and blanks separate entries; those that are none are passed over, as everybody does.
  explicit NoProxy(std::string_view list);
  bool covers(std::string_view host, uint16_t port) const;

 private:
  struct Entry {
    std::string suffix;  // "example.com"; empty when it is a range
    std::optional<IpAddress> network;
    int prefix_bits = 128;
    uint16_t port = 0;  // 0: every port
  };
  void add(std::string_view text);

  bool everybody_ = false;
  std::vector<Entry> entries_;
};

class ProxySettings {
 public:
  // What `variable` gives for a name, or null. Fault: InvalidUrl 400, naming the variable; a proxy is spoken to in
  // plain HTTP, so that https:// and socks5:// are refused. Without a scheme http:// is meant, without a port 80.
  using Variable = std::function<const char*(const char* name)>;
  static Result<ProxySettings> from_environment(const Variable& variable);

  // Null: directly.
  const Proxy* choose(bool tls, std::string_view host, uint16_t port) const;

  std::optional<Proxy> http, https;
  NoProxy no_proxy;
};

}  // namespace outcrop::net
