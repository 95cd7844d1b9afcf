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
  running_.fetch_add(1);
  run(*this, std::move(task));
}

void TaskGroup::spawn_on(Executor& executor, Task<void> task) {
  running_.fetch_add(1);
  executor.post([this, task = std::move(task)]() mutable { run(*this, std::move(task)); });
}

void TaskGroup::one_ended() {
  if (running_.fetch_sub(1) != 1) return;
  if (auto* joiner = joiner_.exchange(nullptr)) {
    Completion<bool>::Setter setter = *joiner;
    delete joiner;
    setter.set(true);
  }
}

Task<void> TaskGroup::join() {
  if (running_.load() == 0) co_return;
  check(Executor::current() != nullptr, "TaskGroup::join needs an executor");
  Completion<bool> ended(*Executor::current());
  joiner_.store(new Completion<bool>::Setter(ended.setter()));
  if (running_.load() == 0) {
    if (auto* joiner = joiner_.exchange(nullptr)) {
      delete joiner;
      co_return;
    }
  }
  co_await ended;
}

}  // namespace outcrop
