// Turnstile: lets so many in at the same time; others wait, first come first served, until one leaves or it is shut.
#pragma once
#include <deque>
#include <mutex>

#include "base/completion.h"
#include "base/task.h"

namespace outcrop::gateway {

// Thread-safe.
class Turnstile {
 public:
  explicit Turnstile(size_t places) : free_(places) {}

  // Whether the caller is in, and has to leave(); false once it is shut.
  Task<bool> enter();
  void leave();
  // Whoever waits, and whoever comes later, is turned away.
  void shut();

 private:
  std::mutex mutex_;
  size_t free_;
  bool is_shut_ = false;
  std::deque<Completion<bool>::Setter> waiting_;
};

}  // namespace outcrop::gateway
