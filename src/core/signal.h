// Signal: coroutines of one thread wait until another of the same thread wakes them all. No locks: whoever
// waits and whoever notifies share an executor.
#pragma once
#include <coroutine>
#include <utility>
#include <vector>

#include "base/check.h"

namespace outcrop {

class Signal {
 public:
  Signal() = default;
  Signal(const Signal&) = delete;
  ~Signal() { check(waiting_.empty(), "a Signal went while somebody waits for it"); }

  struct Awaiter {
    Signal& signal;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> self) { signal.waiting_.push_back(self); }
    void await_resume() const noexcept {}
  };
  // Goes on at the next notify_all(); the waiter looks again at what it waited for.
  Awaiter wait() { return {*this}; }

  // Resumes all who wait now, one after the other, before it returns.
  void notify_all() {
    for (auto waiter : std::exchange(waiting_, {})) waiter.resume();
  }

 private:
  std::vector<std::coroutine_handle<>> waiting_;
};

}  // namespace outcrop
