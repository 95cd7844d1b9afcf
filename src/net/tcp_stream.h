// A TCP connection as a Stream. Reads go through Asio's reactor; writes are tried on the socket first, which
// nearly always takes them at once.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/stream.h"

namespace outcrop::net {

class TcpStream final : public Stream {
 public:
  // Takes over a connected, non-blocking socket.
  TcpStream(boost::asio::io_context& io, int socket, bool ipv6);

  void listen(Listener& listener) override { listener_ = &listener; }
  void start_read(std::span<char> into) override;
  void cancel_read() override;
  Written write_some(std::span<const iovec> parts) override;
  void wait_writable() override;
  void shut_down_writing() override;
  void close(bool reset) override;

 private:
  // Typed by its executor: the type-erased default costs a third of the throughput.
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  Socket socket_;
  Listener* listener_ = nullptr;
};

}  // namespace outcrop::net
