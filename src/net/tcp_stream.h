// A TCP connection as a Stream. Writes are tried on the socket at once, which nearly always takes them; reads only when there is something
// to read, as far as the reactor has told.
#pragma once
#include "net/event_loop.h"
#include "net/stream.h"

namespace outcrop::net {

class TcpStream final : public Stream, Reactor::Watcher {
 public:
  // Takes over a connected, non-blocking socket.
  TcpStream(EventLoop& loop, int socket);
  ~TcpStream() override { close(false); }

  void listen(Listener& listener) override { listener_ = &listener; }
  void start_read(std::span<char> into) override;
  void cancel_read() override;
  Written write_some(std::span<const iovec> parts) override;
  void wait_writable() override;
  void shut_down_writing() override;
  void close(bool reset) override;

 private:
  void ready(uint32_t events) override;
  void turn();
  std::optional<ReadEnd> read();
  bool is_closed() const { return socket_ < 0; }

  EventLoop& loop_;
  int socket_;
  Listener* listener_ = nullptr;

  bool reading_ = false, read_cancelled_ = false;
  std::span<char> into_;
  size_t read_bytes_ = 0;
  bool waiting_ = false;

  // False: the reactor will tell when that changes.
  bool may_have_bytes_ = false, may_take_bytes_ = true;
  bool has_end_ = false;  // behind the bytes that have come: there will be no further change
  Deferred turn_{[](void* self) { static_cast<TcpStream*>(self)->turn(); }, this};
};

}  // namespace outcrop::net
