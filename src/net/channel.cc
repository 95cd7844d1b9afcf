#include "net/channel.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "net/limits.h"

namespace outcrop::net {

void Deadline::set(SteadyTime due) {
  due_ = due;
  if (due >= rings_) return;
  rings_ = due;
  loop_.start_timer(node_, due);
}

void Deadline::Node::rang(TimerWheel::Node& node) {
  Deadline& self = static_cast<Node&>(node).deadline;
  self.rings_ = SteadyTime::max();
  if (self.due_ == SteadyTime::max()) return;
  if (self.due_ > self.loop_.now()) return self.set(self.due_);
  self.due_ = SteadyTime::max();
  self.expired_(self.owner_);
}

Channel::Channel(EventLoop& loop, std::unique_ptr<Stream> stream)
    : loop_(loop),
      stream_(std::move(stream)),
      read_deadline_(
          loop, [](void* self) { static_cast<Channel*>(self)->read_expired(); }, this),
      write_deadline_(loop, [](void* self) { static_cast<Channel*>(self)->write_expired(); }, this) {
  stream_->listen(*this);
}

Channel::~Channel() { check(reading_ == Reading::no && !waiting_writable_, "a channel is destroyed while it is used"); }

void Channel::wrap(Wrapper wrapper, void* context) {
  check(reading_ == Reading::no && !waiting_writable_, "a stream is wrapped while it is used");
  std::string received(buffered());
  begin_ = end_ = 0;
  filled_ = false;
  stream_ = wrapper(std::move(stream_), std::move(received), context);
  stream_->listen(*this);
}

void Channel::consume(size_t bytes) {
  check(bytes <= end_ - begin_, "more was consumed than is buffered");
  begin_ += bytes;
}

// Makes free space behind what is buffered: a read that filled the buffer doubles it, one that did not lets an
// empty buffer return to the size an idle connection may keep.
bool Channel::make_room(size_t bytes_max) {
  size_t kept = end_ - begin_;
  size_t most = std::max(bytes_max, limits::idle_buffer_bytes);
  size_t wanted = capacity_;
  if (kept == 0 && !filled_) {
    wanted = limits::idle_buffer_bytes;
  } else if (kept == 0 || (end_ == capacity_ && kept * 2 > capacity_)) {
    wanted = std::min(capacity_ * 2, most);
  }
  if (wanted != capacity_ && wanted > kept) {
    auto resized = std::make_unique_for_overwrite<char[]>(wanted);
    if (kept) std::memcpy(resized.get(), buffer_.get() + begin_, kept);
    buffer_ = std::move(resized);
    capacity_ = wanted;
  } else if (begin_ > 0 && kept > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;
  return end_ < capacity_;
}

void Channel::start_read(std::span<char> into) {
  read_timed_out_ = false;
  read_bytes_ = 0;
  stream_->start_read(into);
}

Channel::ReadAwaiter Channel::fill(size_t bytes_max, SteadyTime due) {
  check(!reader_ && reading_ != Reading::elsewhere, "two readers on one channel");
  watcher_ = nullptr;
  if (reading_ == Reading::no && (read_end_ == End::bytes || read_end_ == End::timed_out)) {
    check(make_room(bytes_max), "there is no room for what is to be read");
    reading_ = Reading::into_buffer;
    start_read({buffer_.get() + end_, capacity_ - end_});
  }
  return {*this, due};
}

Channel::ReadAwaiter Channel::read_into(std::span<char> into, SteadyTime due) {
  check(!reader_ && reading_ == Reading::no && begin_ == end_, "two readers on one channel, or bytes left behind");
  watcher_ = nullptr;
  if (read_end_ == End::bytes || read_end_ == End::timed_out) {
    reading_ = Reading::elsewhere;
    start_read(into);
  }
  return {*this, due};
}

void Channel::watch(Watcher& watcher) {
  check(!reader_, "a channel that is being read needs no watching");
  watcher_ = &watcher;
  if (reading_ != Reading::no || read_end_ != End::bytes || !make_room(limits::idle_buffer_bytes)) return;
  reading_ = Reading::into_buffer;
  start_read({buffer_.get() + end_, capacity_ - end_});
}

void Channel::read_ended(Stream::ReadEnd end, size_t bytes) {
  read_deadline_.clear();
  if (reading_ == Reading::into_buffer) {
    end_ += bytes;
    filled_ = end_ == capacity_;
  }
  reading_ = Reading::no;
  read_bytes_ = bytes;
  if (end == Stream::ReadEnd::bytes) {
    read_end_ = End::bytes;
  } else if (read_timed_out_ && !closed_) {
    read_end_ = End::timed_out;
  } else {
    read_end_ = end == Stream::ReadEnd::end_of_stream ? End::end_of_stream : End::closed;
  }
  if (auto reader = std::exchange(reader_, {})) return reader.resume();
  if (watcher_) {
    if (read_end_ == End::bytes) return watcher_->bytes_came();
    return std::exchange(watcher_, nullptr)->peer_gone();
  }
  resume_when_quiet();
}

void Channel::read_expired() {
  if (!reader_) return;
  read_timed_out_ = true;
  stream_->cancel_read();
}

Channel::WriteAwaiter Channel::write(std::array<std::string_view, 3> parts, Milliseconds patience) {
  check(!writer_, "two writers on one channel");
  WriteAwaiter awaiter{*this, patience};
  for (std::string_view part : parts) {
    if (!part.empty()) awaiter.parts[awaiter.count++] = {const_cast<char*>(part.data()), part.size()};
  }
  return awaiter;
}

// A part without bytes, which a stream that takes none yet does not take either.
Channel::WriteAwaiter Channel::ready_to_write(Milliseconds patience) {
  WriteAwaiter awaiter = write({}, patience);
  awaiter.parts[awaiter.count++] = {nullptr, 0};
  return awaiter;
}

// Writes until all is written or the stream is full.
void Channel::WriteAwaiter::write_some() {
  while (state == State::writing) {
    if (first == count) {
      if (channel.stream_->unsent_bytes() == 0) state = State::written;
      return;
    }
    Stream::Written written = channel.stream_->write_some(std::span(parts).subspan(first, count - first));
    if (written.end == Stream::WriteEnd::full) return;
    if (written.end == Stream::WriteEnd::failed) {
      state = State::failed;
      return;
    }
    while (first < count && written.bytes >= parts[first].iov_len) written.bytes -= parts[first++].iov_len;
    if (first < count) {
      parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + written.bytes;
      parts[first].iov_len -= written.bytes;
    }
  }
}

size_t Channel::WriteAwaiter::bytes_left() const {
  size_t bytes = channel.stream_->unsent_bytes();
  for (const iovec& part : std::span(parts).subspan(first, count - first)) bytes += part.iov_len;
  return bytes;
}

bool Channel::WriteAwaiter::await_ready() {
  if (channel.closed_) state = State::failed;
  write_some();
  return state != State::writing;
}

void Channel::WriteAwaiter::await_suspend(std::coroutine_handle<> self) {
  waiting = self;
  left_before = bytes_left();
  channel.writer_ = this;
  channel.write_deadline_.set(channel.now() + patience);
  if (!std::exchange(channel.waiting_writable_, true)) channel.stream_->wait_writable();
}

void Channel::writable() {
  waiting_writable_ = false;
  if (!writer_) return resume_when_quiet();
  WriteAwaiter& writer = *writer_;
  if (closed_) writer.state = WriteAwaiter::State::failed;
  writer.write_some();
  if (writer.state == WriteAwaiter::State::writing) {
    size_t left = writer.bytes_left();
    if (std::exchange(writer.left_before, left) != left) write_deadline_.set(now() + writer.patience);
    waiting_writable_ = true;
    stream_->wait_writable();
    return;
  }
  write_deadline_.clear();
  writer_ = nullptr;
  writer.waiting.resume();
}

size_t Channel::unwritten_bytes() const { return writer_ ? writer_->bytes_left() : 0; }

void Channel::write_expired() { end_write(WriteState::timed_out); }

void Channel::cancel_write() { end_write(WriteState::failed); }

void Channel::end_write(WriteState state) {
  WriteAwaiter* writer = std::exchange(writer_, nullptr);
  if (!writer) return;
  write_deadline_.clear();
  writer->state = state;
  writer->waiting.resume();  // the wait goes on until the channel closes
}

void Channel::close(bool reset) {
  if (std::exchange(closed_, true)) return;
  watcher_ = nullptr;
  if (reading_ == Reading::no) read_end_ = End::closed;
  stream_->close(reset);
}

Channel::ClosedAwaiter Channel::closed() {
  check(closed_, "what is not closed need not end");
  return {*this};
}

void Channel::resume_when_quiet() {
  if (closer_ && reading_ == Reading::no && !waiting_writable_) std::exchange(closer_, {}).resume();
}

}  // namespace outcrop::net
