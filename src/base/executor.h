// Executor: one thread's queue of work and its coarse timers. Everything that suspends resumes through one.
#pragma once
#include <coroutine>
#include <functional>
#include <memory>

#include "base/time.h"

namespace outcrop {

using Job = std::move_only_function<void()>;

// A running timer; destroying it cancels it. Destroy it on its executor's thread.
class TimerHandle {
 public:
  virtual ~TimerHandle() = default;
};
using Timer = std::unique_ptr<TimerHandle>;

class Executor {
 public:
  virtual ~Executor() = default;

  virtual void post(Job job) = 0;  // thread-safe; runs on this executor's thread, in order of posting
  // The same in two parts, for who holds a lock that this thread or others soon want. True: wake() must follow, which can be a system call.
  virtual bool post_quietly(Job job) {
    post(std::move(job));
    return false;
  }
  virtual void wake() {}  // thread-safe
  // Runs `job` once at or shortly after `due` on this executor's thread. Call it on that thread.
  // Resolution is 4 ms or better.
  virtual Timer start_timer(SteadyTime due, Job job) = 0;

  // The executor whose thread this is, or null.
  static Executor* current();
  bool is_current() const { return current() == this; }

  // co_await executor.enter(): goes on on this executor's thread; at once when already there.
  struct EnterAwaiter {
    Executor& executor;
    bool await_ready() const noexcept { return executor.is_current(); }
    void await_suspend(std::coroutine_handle<> self) {
      executor.post([self] { self.resume(); });
    }
    void await_resume() const noexcept {}
  };
  EnterAwaiter enter() { return {*this}; }

  // co_await executor.yield(): goes on after what is queued now.
  struct YieldAwaiter {
    Executor& executor;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> self) {
      executor.post([self] { self.resume(); });
    }
    void await_resume() const noexcept {}
  };
  YieldAwaiter yield() { return {*this}; }

 protected:
  static void set_current(Executor* executor);
};

}  // namespace outcrop
