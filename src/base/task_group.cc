#include "base/task_group.h"

namespace outcrop {

struct TaskGroup::Runner {
  struct promise_type {
    Runner get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

TaskGroup::Runner TaskGroup::run(TaskGroup& group, Task<void> task) {
  {
    Task<void> owned = std::move(task);  // destroyed, with all it holds, before the group may go
    co_await owned;
  }
  group.one_ended();
}

void TaskGroup::spawn(Task<void> task) {
  begin_one();
  run(*this, std::move(task));
}

void TaskGroup::spawn_on(Executor& executor, Task<void> task) {
  begin_one();
  executor.post([this, task = std::move(task)]() mutable { run(*this, std::move(task)); });
}

size_t TaskGroup::running() const {
  std::lock_guard lock(mutex_);
  return running_;
}

void TaskGroup::begin_one() {
  std::lock_guard lock(mutex_);
  ++running_;
}

void TaskGroup::one_ended() {
  std::optional<Completion<bool>::Setter> joiner;
  {
    std::lock_guard lock(mutex_);
    if (--running_ == 0) joiner.swap(joiner_);
  }
  if (joiner) joiner->set(true);  // the group may be gone already
}

Task<void> TaskGroup::join() {
  check(Executor::current() != nullptr, "TaskGroup::join needs an executor");
  Completion<bool> ended(*Executor::current());
  {
    std::lock_guard lock(mutex_);
    if (running_ == 0) co_return;
    joiner_ = ended.setter();
  }
  co_await ended;
}

}  // namespace outcrop
