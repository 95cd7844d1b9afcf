// Channel: a stream as coroutines use it: a read buffer that is small while nothing comes, reads and writes that
// are awaited with a time-out, and word of a peer that went while nobody was reading.
#pragma once
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/event_loop.h"
#include "net/stream.h"

namespace outcrop::net {

// A time-out that is moved with every read and write and hardly ever comes: moving it later only stores the new
// instant, and the timer finds out when it rings.
class Deadline {
 public:
  using Expired = void (*)(void* owner);
  Deadline(EventLoop& loop, Expired expired, void* owner) : loop_(loop), expired_(expired), owner_(owner) {}

  void set(SteadyTime due);
  void clear() { due_ = SteadyTime::max(); }
  // As clear, and leaves the loop's timers.
  void stop() { node_.cancel(), due_ = rings_ = SteadyTime::max(); }

 private:
  struct Node : TimerWheel::Node {
    explicit Node(Deadline& deadline) : TimerWheel::Node(rang), deadline(deadline) {}
    static void rang(TimerWheel::Node& node);
    Deadline& deadline;
  };

  EventLoop& loop_;
  const Expired expired_;
  void* const owner_;
  SteadyTime due_ = SteadyTime::max();
  SteadyTime rings_ = SteadyTime::max();
  Node node_{*this};
};

class Channel final : Stream::Listener {
 public:
  enum class End { bytes, end_of_stream, closed, timed_out };
  enum class WriteState { writing, written, failed, timed_out };

  Channel(EventLoop& loop, std::unique_ptr<Stream> stream);
  ~Channel();  // after `co_await closed()`

  EventLoop& loop() { return loop_; }
  SteadyTime now() const { return loop_.now(); }

  // Puts a stream in the place of ours, made of ours and of what was received and not consumed: so TLS begins.
  // Nothing may be under way.
  using Wrapper = std::unique_ptr<Stream> (*)(std::unique_ptr<Stream> inner, std::string received, void* context);
  void wrap(Wrapper wrapper, void* context);

  // What was received and not consumed yet; valid until the next fill() or consume().
  std::string_view buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }
  void consume(size_t bytes);

  struct ReadAwaiter;
  struct WriteAwaiter;
  struct ClosedAwaiter;

  // Waits for bytes behind those buffered. The buffer grows to at most `bytes_max`, of which some must be free.
  ReadAwaiter fill(size_t bytes_max, SteadyTime due);
  // Reads at least one byte to where the caller wants it; nothing may be buffered. bytes_read() says how many came.
  ReadAwaiter read_into(std::span<char> into, SteadyTime due);
  size_t bytes_read() const { return read_bytes_; }
  // Hands all bytes of at most three parts to the stream, and waits until none waits there; false when the peer has
  // gone or took nothing for `patience`.
  WriteAwaiter write(std::array<std::string_view, 3> parts, Milliseconds patience);

  // Reads ahead into the buffer, as far as it goes, while nobody asks for bytes. The watcher is told when bytes come
  // meanwhile, or the peer's end of the stream, or an error.
  struct Watcher {
    virtual void peer_gone() = 0;
    virtual void bytes_came() {}  // and are buffered; to watch on, watch again

   protected:
    ~Watcher() = default;
  };
  void watch(Watcher& watcher);
  void stop_watching() { watcher_ = nullptr; }
  // Ends a fill or read_into under way with End::closed.
  void cancel_read() { stream_->cancel_read(); }
  // Ends one under way with End::timed_out, as if its time were over; reading may go on.
  void time_out_read() { read_expired(); }
  // Waits until the stream takes bytes, if there are any: so until a TLS handshake is done.
  WriteAwaiter ready_to_write(Milliseconds patience);
  // Of a write under way.
  size_t unwritten_bytes() const;
  // Ends a write under way, which fails; what is left of it is not written. The writer goes on within this call.
  void cancel_write();

  void shut_down_writing() { stream_->shut_down_writing(); }
  // Everything under way ends with `closed`. `reset`: the peer sees an error, not an end.
  void close(bool reset = false);
  // Waits until nothing is under way any more.
  ClosedAwaiter closed();

 private:
  void read_ended(Stream::ReadEnd end, size_t bytes) override;
  void writable() override;
  void read_expired();
  void write_expired();
  void end_write(WriteState state);
  void resume_when_quiet();

  bool make_room(size_t bytes_max);
  void start_read(std::span<char> into);

  EventLoop& loop_;
  std::unique_ptr<Stream> stream_;

  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0, begin_ = 0, end_ = 0;
  bool filled_ = false;  // by the last read into it

  enum class Reading { no, into_buffer, elsewhere };
  Reading reading_ = Reading::no;
  bool read_timed_out_ = false;
  bool closed_ = false;
  End read_end_ = End::bytes;  // how the last read ended; all but bytes and timed_out is for ever
  size_t read_bytes_ = 0;
  std::coroutine_handle<> reader_;
  Watcher* watcher_ = nullptr;

  bool waiting_writable_ = false;
  WriteAwaiter* writer_ = nullptr;
  std::coroutine_handle<> closer_;

  Deadline read_deadline_;
  Deadline write_deadline_;
};

struct Channel::ReadAwaiter {
  Channel& channel;
  SteadyTime due;
  bool await_ready() const noexcept { return channel.reading_ == Reading::no; }  // it could not start
  void await_suspend(std::coroutine_handle<> self) noexcept {
    channel.reader_ = self;
    channel.read_deadline_.set(due);
  }
  End await_resume() const noexcept { return channel.read_end_; }
};

struct Channel::WriteAwaiter {
  Channel& channel;
  Milliseconds patience;
  std::array<iovec, 3> parts;
  size_t first = 0, count = 0;
  size_t left_before = 0;  // when progress was looked for last
  std::coroutine_handle<> waiting = {};
  using State = WriteState;
  State state = State::writing;

  void write_some();
  size_t bytes_left() const;
  bool await_ready();
  void await_suspend(std::coroutine_handle<> self);
  bool await_resume() const noexcept { return state == State::written; }
};

struct Channel::ClosedAwaiter {
  Channel& channel;
  bool await_ready() const noexcept { return channel.reading_ == Reading::no && !channel.waiting_writable_; }
  void await_suspend(std::coroutine_handle<> self) noexcept { channel.closer_ = self; }
  void await_resume() const noexcept {}
};

}  // namespace outcrop::net
