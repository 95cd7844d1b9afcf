// An executor on one thread without sockets: for tests, tools and threads that do no I/O.
#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>

#include "base/activity.h"
#include "base/executor.h"
#include "base/task.h"

namespace outcrop {

class SimpleExecutor final : public Executor {
 public:
  explicit SimpleExecutor(const Clock& clock, Activity* activity = nullptr) : clock_(clock), activity_(activity) {}
  ~SimpleExecutor() override;

  void post(Job job) override;
  Timer start_timer(SteadyTime due, Job job) override;

  // Runs jobs and timers on the calling thread until `done` is set (it is read between jobs).
  void run_until(const std::function<bool()>& done);
  // Runs what is queued now and what that queues, and returns when nothing is left but timers.
  void run_until_idle();

  // Runs a task to its end on the calling thread and gives its value.
  template <class T>
  T run(Task<T> task);

 private:
  struct Pending;
  struct Handle;
  bool run_one(std::unique_lock<std::mutex>& lock);

  const Clock& clock_;
  Activity* activity_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::multimap<SteadyTime, std::shared_ptr<Pending>> timers_;
};

namespace detail {

// A coroutine that starts at once and destroys itself at its end.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

template <class T>
Detached run_and_keep(Task<T> task, std::optional<T>& out) {
  out.emplace(co_await task);
}
inline Detached run_and_note(Task<void> task, bool& done) {
  co_await task;
  done = true;
}

}  // namespace detail

template <class T>
T SimpleExecutor::run(Task<T> task) {
  if constexpr (std::is_void_v<T>) {
    bool done = false;
    post([&] { detail::run_and_note(std::move(task), done); });
    run_until([&] { return done; });
  } else {
    std::optional<T> value;
    post([&] { detail::run_and_keep(std::move(task), value); });
    run_until([&] { return value.has_value(); });
    return std::move(*value);
  }
}

}  // namespace outcrop
