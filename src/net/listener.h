// A listening socket. One socket for all loops, whose connections are dealt out one by one: with a socket per
// loop (SO_REUSEPORT) the kernel's hash leaves few connections unevenly spread, and a second server started
// on the same port by mistake would silently take half of the clients.
#pragma once
#include <memory>
#include <optional>

#include "net/server.h"

namespace outcrop::net {

// A connected, non-blocking socket with its peer.
struct AcceptedSocket {
  AcceptedSocket(int descriptor, Peer peer) : descriptor(descriptor), peer(std::move(peer)) {}
  AcceptedSocket(AcceptedSocket&& other) noexcept : descriptor(std::exchange(other.descriptor, -1)), peer(std::move(other.peer)) {}
  ~AcceptedSocket();
  int take() { return std::exchange(descriptor, -1); }

  int descriptor;
  Peer peer;
};

class Listener final : Reactor::Watcher {
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
  static Result<std::unique_ptr<Listener>> open(EventLoop& loop, std::string_view address, int backlog);
  Listener(EventLoop& loop, int socket) : loop_(loop), socket_(socket) {}
  ~Listener();  // on the loop's thread, or when the loop has stopped

  Endpoint endpoint() const;

  // On the loop's thread. The taker must outlive the listener.
  void begin(Taker& taker);
  void resume();

 private:
  void ready(uint32_t events) override;
  void wait();
  void accept_some();
  std::optional<AcceptedSocket> accept_one();
  void pause(int error);

  EventLoop& loop_;
  const int socket_;
  Taker* taker_ = nullptr;
  bool waiting_ = false;
  Timer pause_;
};

}  // namespace outcrop::net
