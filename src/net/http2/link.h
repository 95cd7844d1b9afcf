// What the streams of an HTTP/2 connection ask of it.
#pragma once
#include <coroutine>

#include "net/http2/session.h"
#include "net/server_loop.h"

namespace outcrop::net {

class Http2Exchange;

class Http2Link {
 public:
  Http2Link(ServerLoop& home, Http2Session& session) : home(home), session(session) {}

  // What was submitted to the session leaves.
  virtual void flush() = 0;
  // For those woken by the session, which must not be called while it calls.
  virtual void resume_soon(std::coroutine_handle<> waiting) = 0;
  // The head of the stream that began last is complete.
  virtual void request_arrived() = 0;
  // Bytes of a body that wait for their handler; bytes that need not wait any more.
  virtual void bytes_kept(size_t bytes) = 0;
  virtual void bytes_released(size_t bytes) = 0;
  // The client is asked to make another connection.
  virtual void wind_down() = 0;

  SteadyTime now() const { return home.loop().now(); }

  ServerLoop& home;
  Http2Session& session;

 protected:
  ~Http2Link() = default;
};

// One coroutine that waits for its stream, for a bounded time.
class Http2Wait {
 public:
  explicit Http2Wait(Http2Link& link)
      : link_(link), deadline_(link.home.loop(), [](void* self) { static_cast<Http2Wait*>(self)->expired(); }, this) {}

  struct Awaiter {
    Http2Wait& wait;
    SteadyTime due;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> self) {
      wait.waiting_ = self;
      wait.deadline_.set(due);
    }
    bool await_resume() const noexcept { return !std::exchange(wait.timed_out_, false); }
  };
  // Whether it was woken before that.
  Awaiter until(SteadyTime due) { return {*this, due}; }

  bool is_waiting() const { return bool(waiting_); }
  // As if its time had passed.
  void time_out() {
    if (!waiting_) return;
    deadline_.clear();
    expired();
  }
  void postpone(SteadyTime due) { deadline_.set(due); }
  void wake() {
    if (!waiting_) return;
    deadline_.clear();
    link_.resume_soon(std::exchange(waiting_, {}));
  }

 private:
  void expired() {
    timed_out_ = true;
    std::exchange(waiting_, {}).resume();
  }

  Http2Link& link_;
  std::coroutine_handle<> waiting_;
  bool timed_out_ = false;
  Deadline deadline_;
};

}  // namespace outcrop::net
