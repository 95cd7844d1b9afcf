// An IP address and port as the socket calls want them.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace outcrop::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(storage); }
  const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage); }
  sockaddr_in6& v6() { return reinterpret_cast<sockaddr_in6&>(storage); }
  const sockaddr_in6& v6() const { return reinterpret_cast<const sockaddr_in6&>(storage); }
  bool is_v6() const { return storage.ss_family == AF_INET6; }

  void set_port(uint16_t port);
  std::string host() const;  // "127.0.0.1", "::1"
  uint16_t port() const;
  std::string text() const;  // "127.0.0.1:4566", "[::1]:4566"

  // "127.0.0.1", "::1"; none when `host` is no address.
  static std::optional<SocketAddress> from_literal(std::string_view host, uint16_t port);
  // "127.0.0.1:4566", "[::1]:4566".
  static std::optional<SocketAddress> from_text(std::string_view text);
};

// For options whose absence does no harm.
void set_socket_option(int socket, int level, int name, int value);

}  // namespace outcrop::net
