// Completion<T>: one producer on any thread, one consumer that awaits and resumes on its own executor.
// The bridge between callbacks (commits, pools, timers, stop requests) and coroutines.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/executor.h"

namespace outcrop {

template <class T>
class Completion {
  struct State {
    Executor* home;
    std::optional<T> value;
    std::coroutine_handle<> waiting;
    std::atomic<bool> taken = false;
    std::atomic<int> phase = 0;  // 0 open, 1 a consumer waits, 2 completed
  };

 public:
  // The producer's side: copyable; the first set() counts, later ones are ignored.
  class Setter {
   public:
    // Thread-safe. Returns whether this call completed it.
    bool set(T value) const {
      if (state_->taken.exchange(true)) return false;
      state_->value.emplace(std::move(value));
      if (state_->phase.exchange(2) == 1) state_->home->post([state = state_] { state->waiting.resume(); });
      return true;
    }

   private:
    friend Completion;
    std::shared_ptr<State> state_;
  };

  // The consumer resumes on `home`.
  explicit Completion(Executor& home) : state_(std::make_shared<State>()) { state_->home = &home; }

  Setter setter() const {
    Setter setter;
    setter.state_ = state_;
    return setter;
  }
  bool done() const { return state_->phase.load() == 2; }

  bool await_ready() const { return done(); }
  bool await_suspend(std::coroutine_handle<> self) {
    state_->waiting = self;
    int open = 0;
    return state_->phase.compare_exchange_strong(open, 1);  // false: it was completed meanwhile
  }
  T await_resume() { return std::move(*state_->value); }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace outcrop
