// A listening socket. One socket for all loops, whose connections are dealt out one by one: with a socket per
// loop (SO_REUSEPORT) the kernel's hash leaves few connections unevenly spread, and a second server started
// on the same port by mistake would silently take half of the clients.
#pragma once
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>

#include "net/server.h"

namespace outcrop::net {

// A connected, non-blocking socket with its peer.
struct AcceptedSocket {
  AcceptedSocket(int descriptor, Peer peer, bool ipv6) : descriptor(descriptor), peer(std::move(peer)), ipv6(ipv6) {}
  AcceptedSocket(AcceptedSocket&& other) noexcept
      : descriptor(std::exchange(other.descriptor, -1)), peer(std::move(other.peer)), ipv6(other.ipv6) {}
  ~AcceptedSocket();
  int take() { return std::exchange(descriptor, -1); }

  int descriptor;
  Peer peer;
  bool ipv6;
};

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // Who takes the connections; called on the listener's loop.
  struct Taker {
    virtual bool has_room() = 0;
    virtual void take(AcceptedSocket socket) = 0;
    // Somebody wants to connect and there is no room: nothing is accepted until resume().
    virtual void somebody_waits() = 0;

   protected:
    ~Taker() = default;
  };

  // Binds and listens; connections wait in the backlog until begin().
  static Result<std::shared_ptr<Listener>> open(EventLoop& loop, std::string_view address, int backlog);
  Listener(EventLoop& loop, int socket, bool ipv6);

  Endpoint endpoint() const;

  // On the loop's thread. The taker must outlive the time until close().
  void begin(Taker& taker);
  void resume();
  void close();

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  void wait();
  void accept_some();
  std::optional<AcceptedSocket> accept_one();
  void pause(int error);

  EventLoop& loop_;
  Acceptor acceptor_;
  Taker* taker_ = nullptr;
  bool waiting_ = false;
  Timer pause_;
};

}  // namespace outcrop::net
