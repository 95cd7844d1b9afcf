#include "net/real_dialer.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "net/limits.h"
#include "net/tcp_stream.h"

namespace outcrop::net {

namespace {

enum class Waited { ready, timed_out, cancelled };

class Decided final : public Reactor::Watcher {
 public:
  explicit Decided(Completion<Waited>::Setter setter) : setter_(std::move(setter)) {}
  void ready(uint32_t) override { setter_.set(Waited::ready); }

 private:
  Completion<Waited>::Setter setter_;
};

// Until the kernel has decided about a connection.
Task<Waited> wait_connected(EventLoop& loop, int socket, SteadyTime due, std::stop_token stop) {
  Completion<Waited> done(loop);
  auto setter = done.setter();
  Decided decided(setter);
  if (!loop.reactor().watch_once(socket, EPOLLOUT, decided)) co_return Waited::ready;  // and fails when it is used
  Timer late = loop.start_timer(due, [setter] { setter.set(Waited::timed_out); });
  auto cancel = [&] { setter.set(Waited::cancelled); };
  std::stop_callback on_stop(stop, cancel);
  const Waited waited = co_await done;
  loop.reactor().forget(socket, decided);
  co_return waited;
}

Fault failure(const SocketAddress& address, int error) {
  if (error == ECONNREFUSED) return {"ConnectionRefused", 502, fmt::format("Connection to {} refused.", address.text())};
  std::string why = fmt::format("Cannot connect to {}: {}.", address.text(), std::strerror(error));
  if (error == ETIMEDOUT) return {"ConnectTimeout", 504, std::move(why)};
  return {"ConnectionFailed", 502, std::move(why)};
}

Task<Result<std::unique_ptr<Stream>>> attempt(EventLoop& loop, const SocketAddress& address, SteadyTime due, std::stop_token stop) {
  int descriptor = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) co_return fail(failure(address, errno));
  set_socket_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_socket_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, limits::unsent_bytes_max);
  int error = ::connect(descriptor, address.raw(), address.length) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    Waited waited = co_await wait_connected(loop, descriptor, due, std::move(stop));
    socklen_t length = sizeof error;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
    if (waited == Waited::timed_out) {
      ::close(descriptor);
      co_return fail("ConnectTimeout", 504, fmt::format("Connecting to {} took too long.", address.text()));
    }
    if (waited == Waited::cancelled) {
      ::close(descriptor);
      co_return fail("Cancelled", 499, "The request was cancelled while it was being connected.");
    }
  }
  if (error != 0) {
    ::close(descriptor);
    co_return fail(failure(address, error));
  }
  co_return std::make_unique<TcpStream>(loop, descriptor);
}

}  // namespace

Task<Result<std::unique_ptr<Stream>>> RealDialer::dial(EventLoop& loop, std::string host, uint16_t port, SteadyTime due,
                                                       std::stop_token stop) {
  std::vector<SocketAddress> addresses = co_await resolver_.resolve(std::move(host), port, due, stop);
  size_t attempts = std::min(addresses.size(), limits::connect_attempts_max);
  for (size_t i = 0;; ++i) {
    SteadyTime now = loop.now();
    bool last = i + 1 == attempts;
    Result<std::unique_ptr<Stream>> stream = co_await keep(attempt(loop, addresses[i], last ? due : now + (due - now) / 2, stop));
    if (stream || last || stream.error().code == "Cancelled") co_return stream;
  }
}

}  // namespace outcrop::net
