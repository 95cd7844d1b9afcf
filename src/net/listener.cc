#include "net/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "net/socket_address.h"

namespace outcrop::net {

namespace {

// Connections taken in one turn of the loop, so that accepting does not starve those that are open.
constexpr int accepted_per_turn_max = 64;

// An IPv4 client of an IPv6 socket is shown by its IPv4 address.
Peer peer_of(SocketAddress& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (!address.is_v6()) {
    inet_ntop(AF_INET, &address.v4().sin_addr, text, sizeof text);
    return {text, ntohs(address.v4().sin_port), (ntohl(address.v4().sin_addr.s_addr) >> 24) == 127};
  }
  const in6_addr& ip = address.v6().sin6_addr;
  uint16_t port = ntohs(address.v6().sin6_port);
  if (IN6_IS_ADDR_V4MAPPED(&ip)) {
    inet_ntop(AF_INET, &ip.s6_addr[12], text, sizeof text);
    return {text, port, ip.s6_addr[12] == 127};
  }
  inet_ntop(AF_INET6, &ip, text, sizeof text);
  return {text, port, bool(IN6_IS_ADDR_LOOPBACK(&ip))};
}

}  // namespace

AcceptedSocket::~AcceptedSocket() {
  if (descriptor >= 0) ::close(descriptor);
}

Result<std::unique_ptr<Listener>> Listener::open(EventLoop& loop, std::string_view address, int backlog) {
  std::optional<SocketAddress> parsed = SocketAddress::from_text(address);
  if (!parsed) {
    return fail("InvalidAddress", 400, fmt::format("'{}' is no address to listen on; write 127.0.0.1:4566 or [::1]:4566.", address));
  }
  int socket = ::socket(parsed->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  auto failed = [&] {
    int error = errno;
    if (socket >= 0) ::close(socket);
    return fail("AddressUnavailable", 500, fmt::format("Cannot listen on {}: {}.", address, std::strerror(error)));
  };
  if (socket < 0) return failed();
  // Accepted sockets inherit all of these.
  set_socket_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  set_socket_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_socket_option(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, limits::unsent_bytes_max);
  if (::bind(socket, parsed->raw(), parsed->length) != 0 || ::listen(socket, backlog) != 0) return failed();
  return std::make_unique<Listener>(loop, socket);
}

Listener::~Listener() {
  loop_.reactor().forget(socket_, *this);
  ::close(socket_);
}

Endpoint Listener::endpoint() const {
  SocketAddress local;
  ::getsockname(socket_, local.raw(), &local.length);
  return {local.host(), local.port()};
}

void Listener::begin(Taker& taker) {
  taker_ = &taker;
  wait();
}

void Listener::resume() {
  if (!waiting_) wait();
}

void Listener::wait() { waiting_ = loop_.reactor().watch_once(socket_, EPOLLIN, *this); }

void Listener::ready(uint32_t) {
  waiting_ = false;
  accept_some();
}

void Listener::accept_some() {
  for (int taken = 0; taken < accepted_per_turn_max; ++taken) {
    if (!taker_->has_room()) {
      if (taken == 0) return taker_->somebody_waits();
      break;
    }
    if (std::optional<AcceptedSocket> socket = accept_one()) {
      taker_->take(std::move(*socket));
      continue;
    }
    int error = errno;
    if (error == EAGAIN || error == EWOULDBLOCK) break;
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) return pause(error);
    // Anything else belongs to the connection that failed: take the next one.
  }
  wait();
}

std::optional<AcceptedSocket> Listener::accept_one() {
  SocketAddress address;
  int socket = ::accept4(socket_, address.raw(), &address.length, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return std::nullopt;
  return AcceptedSocket(socket, peer_of(address));
}

// Out of descriptors: the connection stays in the backlog, and trying again at once would spin.
void Listener::pause(int error) {
  log::warning("cannot accept connections for now", {{"address", endpoint().text()}, {"reason", std::strerror(error)}});
  pause_ = loop_.start_timer(loop_.now() + limits::accept_pause, [this] { resume(); });
}

}  // namespace outcrop::net
