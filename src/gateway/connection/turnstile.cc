#include "gateway/connection/turnstile.h"

namespace outcrop::gateway {

Task<bool> Turnstile::enter() {
  Completion<bool> admitted(*Executor::current());
  {
    std::lock_guard lock(mutex_);
    if (is_shut_) co_return false;
    if (free_ > 0) {
      --free_;
      co_return true;
    }
    waiting_.push_back(admitted.setter());
  }
  co_return co_await admitted;
}

void Turnstile::leave() {
  std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  waiting_.front().set(true);
  waiting_.pop_front();
}

void Turnstile::shut() {
  std::lock_guard lock(mutex_);
  is_shut_ = true;
  for (const auto& waiting : waiting_) waiting.set(false);
  waiting_.clear();
}

}  // namespace outcrop::gateway
