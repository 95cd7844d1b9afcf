// TaskGroup: the one way to detach tasks. It owns what it runs; whoever owns the group stops and joins it.
#pragma once
#include <mutex>
#include <optional>
#include <stop_token>

#include "base/completion.h"
#include "base/task.h"

namespace outcrop {

class TaskGroup {
 public:
  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  ~TaskGroup() { check(running() == 0, "a TaskGroup was destroyed before its tasks ended"); }

  // Starts `task` on the calling thread, at once. Thread-safe. An exception that leaves it ends the process.
  void spawn(Task<void> task);
  // Starts on `executor`'s thread.
  void spawn_on(Executor& executor, Task<void> task);

  // Asks every task that watches this token to end.
  void request_stop() { stop_.request_stop(); }
  std::stop_token stop_token() const { return stop_.get_token(); }

  size_t running() const;
  // Returns when all tasks have ended; no task may be spawned after the last one ended.
  Task<void> join();

 private:
  struct Runner;
  static Runner run(TaskGroup& group, Task<void> task);
  void begin_one();
  void one_ended();

  // A lock and not an atomic: join() must not see the last task's end before that end has let go of the group.
  mutable std::mutex mutex_;
  size_t running_ = 0;
  std::optional<Completion<bool>::Setter> joiner_;
  std::stop_source stop_;
};

}  // namespace outcrop
