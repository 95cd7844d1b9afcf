// A small pool for work that blocks (disk reads that miss the cache, process spawning). Threads start on
// demand and leave when idle, so an idle server has none.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/activity.h"
#include "base/completion.h"
#include "base/task.h"

namespace outcrop {

class ThreadPool {
 public:
  explicit ThreadPool(size_t threads_max, Activity* activity = nullptr) : threads_max_(threads_max), activity_(activity) {}
  ~ThreadPool();  // runs what is queued, then joins

  void post(Job job);  // thread-safe

  // Runs fn() on a pool thread; the awaiting coroutine goes on on its own executor.
  template <class F>
  Task<std::invoke_result_t<F>> run(F fn) {
    Completion<std::invoke_result_t<F>> done(*Executor::current());
    post([&fn, setter = done.setter()] { setter.set(fn()); });
    co_return co_await done;
  }

 private:
  void work();

  const size_t threads_max_;
  Activity* const activity_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable left_;
  std::deque<Job> jobs_;
  size_t threads_ = 0, idle_ = 0;
  bool closing_ = false;
};

}  // namespace outcrop
