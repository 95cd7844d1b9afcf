#include "net/tcp_stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <cerrno>

namespace outcrop::net {

namespace asio = boost::asio;
using boost::system::error_code;

TcpStream::TcpStream(asio::io_context& io, int socket, bool ipv6) : socket_(io) {
  error_code error;
  socket_.assign(ipv6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), socket, error);
  if (error) ::close(socket);  // every read and write will fail
}

void TcpStream::start_read(std::span<char> into) {
  socket_.async_read_some(asio::buffer(into.data(), into.size()), [this](const error_code& error, size_t bytes) {
    if (!error) return listener_->read_ended(ReadEnd::bytes, bytes);
    listener_->read_ended(error == asio::error::eof ? ReadEnd::end_of_stream : ReadEnd::failed, 0);
  });
}

void TcpStream::cancel_read() {
  error_code ignored;
  socket_.cancel(ignored);
}

Stream::Written TcpStream::write_some(std::span<const iovec> parts) {
  if (!socket_.is_open()) return {WriteEnd::failed, 0};
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return {WriteEnd::taken, size_t(sent)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {WriteEnd::full, 0};
    if (errno != EINTR) return {WriteEnd::failed, 0};
  }
}

void TcpStream::wait_writable() {
  socket_.async_wait(Socket::wait_write, [this](const error_code&) { listener_->writable(); });
}

void TcpStream::shut_down_writing() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void TcpStream::close(bool reset) {
  error_code ignored;
  if (!socket_.is_open()) return;
  if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace outcrop::net
