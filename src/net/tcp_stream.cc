#include "net/tcp_stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace outcrop::net {

TcpStream::TcpStream(EventLoop& loop, int socket) : loop_(loop), socket_(socket) {
  if (!loop_.reactor().watch(socket_, *this)) close(true);  // every read and write will fail
}

void TcpStream::start_read(std::span<char> into) {
  into_ = into;
  reading_ = true;
  read_cancelled_ = false;
  if (may_have_bytes_ || is_closed()) loop_.defer(turn_);
}

void TcpStream::cancel_read() {
  if (!reading_) return;
  read_cancelled_ = true;
  loop_.defer(turn_);
}

void TcpStream::ready(uint32_t events) {
  const bool is_broken = events & (EPOLLHUP | EPOLLERR);
  if (is_broken || events & EPOLLRDHUP) has_end_ = true;
  if (has_end_ || events & EPOLLIN) may_have_bytes_ = true;
  if (is_broken || events & EPOLLOUT) may_take_bytes_ = true;
  turn();
}

// Ends what can end now. Only what is under way has a turn, and ends in it: so the stream lives until then.
void TcpStream::turn() {
  const bool is_wait_over = waiting_ && (may_take_bytes_ || is_closed());
  if (const std::optional<ReadEnd> end = reading_ ? read() : std::nullopt) {
    reading_ = false;
    listener_->read_ended(*end, read_bytes_);  // without a wait, the stream may be gone now
  }
  if (is_wait_over) {
    waiting_ = false;
    listener_->writable();
  }
}

// None: there is nothing to read yet.
std::optional<Stream::ReadEnd> TcpStream::read() {
  read_bytes_ = 0;
  if (read_cancelled_ || is_closed()) return ReadEnd::failed;
  while (may_have_bytes_) {
    const ssize_t received = ::recv(socket_, into_.data(), into_.size(), MSG_DONTWAIT);
    if (received == 0) return ReadEnd::end_of_stream;
    if (received > 0) {
      read_bytes_ = size_t(received);
      // Fewer than there was room for were all there are, and what comes is a change.
      may_have_bytes_ = has_end_ || read_bytes_ == into_.size();
      return ReadEnd::bytes;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      may_have_bytes_ = false;
    } else if (errno != EINTR) {
      return ReadEnd::failed;
    }
  }
  return std::nullopt;
}

Stream::Written TcpStream::write_some(std::span<const iovec> parts) {
  if (is_closed()) return {WriteEnd::failed, 0};
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const ssize_t sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return {WriteEnd::taken, size_t(sent)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      may_take_bytes_ = false;
      return {WriteEnd::full, 0};
    }
    if (errno != EINTR) return {WriteEnd::failed, 0};
  }
}

void TcpStream::wait_writable() {
  waiting_ = true;
  if (may_take_bytes_ || is_closed()) loop_.defer(turn_);
}

void TcpStream::shut_down_writing() {
  if (!is_closed()) ::shutdown(socket_, SHUT_WR);
}

void TcpStream::close(bool reset) {
  if (is_closed()) return;
  loop_.reactor().forget(socket_, *this);
  if (reset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  ::close(std::exchange(socket_, -1));
  if (reading_ || waiting_) loop_.defer(turn_);
}

}  // namespace outcrop::net
