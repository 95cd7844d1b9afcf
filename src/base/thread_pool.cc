#include "base/thread_pool.h"

#include <openssl/crypto.h>

namespace outcrop {

namespace {
constexpr Seconds idle_before_leaving{5};
}

ThreadPool::~ThreadPool() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  wake_.notify_all();
  left_.wait(lock, [&] { return threads_ == 0; });
}

void ThreadPool::post(Job job) {
  if (activity_) activity_->begin();
  std::lock_guard lock(mutex_);
  check(!closing_, "work was posted to a pool that closes");
  jobs_.push_back(std::move(job));
  if (idle_ >= jobs_.size() || threads_ == threads_max_) {
    wake_.notify_one();
    return;
  }
  ++threads_;
  std::thread([this] { work(); }).detach();
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (jobs_.empty()) {
      if (closing_) break;
      ++idle_;
      bool woken = wake_.wait_for(lock, idle_before_leaving, [&] { return closing_ || !jobs_.empty(); });
      --idle_;
      if (!woken) break;
      continue;
    }
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    if (activity_) activity_->end();
    lock.lock();
  }
  // What OpenSSL keeps for a thread goes with the thread; but whoever waits for it to have left may end the process first.
  OPENSSL_thread_stop();
  --threads_;
  left_.notify_all();  // under the lock: the pool may go right after
}

}  // namespace outcrop
