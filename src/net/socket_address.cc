#include "net/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>

namespace outcrop::net {

void SocketAddress::set_port(uint16_t port) {
  if (is_v6()) {
    v6().sin6_port = htons(port);
  } else {
    v4().sin_port = htons(port);
  }
}

std::string SocketAddress::host() const {
  char host[INET6_ADDRSTRLEN] = "";
  const void* const ip = is_v6() ? static_cast<const void*>(&v6().sin6_addr) : &v4().sin_addr;
  inet_ntop(storage.ss_family, ip, host, sizeof host);
  return host;
}

uint16_t SocketAddress::port() const { return ntohs(is_v6() ? v6().sin6_port : v4().sin_port); }

std::string SocketAddress::text() const { return is_v6() ? fmt::format("[{}]:{}", host(), port()) : fmt::format("{}:{}", host(), port()); }

std::optional<SocketAddress> SocketAddress::from_literal(std::string_view host, uint16_t port) {
  std::string name(host);
  SocketAddress address;
  if (inet_pton(AF_INET6, name.c_str(), &address.v6().sin6_addr) == 1) {
    address.storage.ss_family = AF_INET6;
    address.length = sizeof(sockaddr_in6);
  } else if (inet_pton(AF_INET, name.c_str(), &address.v4().sin_addr) == 1) {
    address.storage.ss_family = AF_INET;
    address.length = sizeof(sockaddr_in);
  } else {
    return std::nullopt;
  }
  address.set_port(port);
  return address;
}

std::optional<SocketAddress> SocketAddress::from_text(std::string_view text) {
  size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon), port_text = text.substr(colon + 1);
  uint16_t port = 0;
  auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (error != std::errc() || end != port_text.data() + port_text.size()) return std::nullopt;
  bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::optional<SocketAddress> address = from_literal(host, port);
  if (address && address->is_v6() != bracketed) return std::nullopt;
  return address;
}

void set_socket_option(int socket, int level, int name, int value) { ::setsockopt(socket, level, name, &value, sizeof value); }

}  // namespace outcrop::net
