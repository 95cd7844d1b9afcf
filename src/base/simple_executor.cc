#include "base/simple_executor.h"

namespace outcrop {

struct SimpleExecutor::Pending {
  Job job;
  bool cancelled = false;
};

struct SimpleExecutor::Handle final : TimerHandle {
  explicit Handle(std::shared_ptr<Pending> pending) : pending(std::move(pending)) {}
  ~Handle() override {
    pending->cancelled = true;
    pending->job = nullptr;
  }
  std::shared_ptr<Pending> pending;
};

SimpleExecutor::~SimpleExecutor() = default;

void SimpleExecutor::post(Job job) {
  if (activity_) activity_->begin();
  std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  wake_.notify_one();  // under the lock: whoever awaited the job may destroy the executor right after
}

Timer SimpleExecutor::start_timer(SteadyTime due, Job job) {
  auto pending = std::make_shared<Pending>(Pending{std::move(job)});
  std::lock_guard lock(mutex_);
  timers_.emplace(due, pending);
  return std::make_unique<Handle>(pending);
}

// Takes one job or due timer and runs it unlocked; false when there is none.
bool SimpleExecutor::run_one(std::unique_lock<std::mutex>& lock) {
  Job job;
  bool counted = false;
  while (!timers_.empty() && timers_.begin()->first <= clock_.steady() && !job) {
    auto pending = timers_.begin()->second;
    timers_.erase(timers_.begin());
    if (!pending->cancelled) job = std::move(pending->job);
  }
  if (!job && !jobs_.empty()) {
    job = std::move(jobs_.front());
    jobs_.pop_front();
    counted = true;
  }
  if (!job) return false;
  lock.unlock();
  job();
  job = nullptr;
  if (counted && activity_) activity_->end();
  lock.lock();
  return true;
}

void SimpleExecutor::run_until(const std::function<bool()>& done) {
  Executor* outer = current();
  set_current(this);
  {
    std::unique_lock lock(mutex_);
    while (!done()) {
      if (run_one(lock)) continue;
      if (timers_.empty()) {
        wake_.wait(lock);
      } else {
        wake_.wait_for(lock, timers_.begin()->first - clock_.steady());
      }
    }
  }
  set_current(outer);
}

void SimpleExecutor::run_until_idle() {
  Executor* outer = current();
  set_current(this);
  {
    std::unique_lock lock(mutex_);
    while (run_one(lock)) {
    }
  }
  set_current(outer);
}

}  // namespace outcrop
