// Activity counts work that was posted, handed to a pool or to the disk, and has not ended. At zero nothing
// moves until a timer, a socket or a caller does something; the manual clock waits for that between timers.
#pragma once
#include <atomic>
#include <cstdint>

namespace outcrop {

class Activity {
 public:
  void begin() { running_.fetch_add(1, std::memory_order_relaxed); }
  void end() { running_.fetch_sub(1, std::memory_order_release); }
  bool idle() const { return running_.load(std::memory_order_acquire) == 0; }

 private:
  std::atomic<int64_t> running_ = 0;
};

}  // namespace outcrop
