// The memory that whole request bodies may take at the same time. Whoever wants to hold a body reserves its size
// first and waits, first come first served, while the budget is spent: bodies then wait in the kernel's socket
// buffers and on the clients' side, which TCP bounds, and not in ours.
#pragma once
#include <cstddef>
#include <list>
#include <mutex>
#include <stop_token>

#include "base/completion.h"
#include "base/task.h"

namespace outcrop::net {

class BodyBudget {
 public:
  BodyBudget(const Clock& clock, size_t bytes_max);
  ~BodyBudget();

  // What one body holds; gives it back when destroyed. One owner, on one thread at a time.
  class Reservation {
   public:
    explicit Reservation(BodyBudget& budget) : budget_(budget) {}
    Reservation(const Reservation&) = delete;
    ~Reservation() { release(); }

    // Holds `bytes` in total from now on (never fewer than before). A body above the whole budget is admitted
    // once it is alone. Faults: ServiceUnavailable 503 after `patience`, ConnectionClosed 499 when stopped.
    // try_hold is the same without waiting.
    Task<Result<void>> hold(size_t bytes, Milliseconds patience, std::stop_token stop);
    bool try_hold(size_t bytes);
    void release();
    size_t bytes() const { return bytes_; }

   private:
    friend BodyBudget;
    BodyBudget& budget_;
    size_t bytes_ = 0;
  };

  size_t bytes_max() const { return bytes_max_; }
  size_t bytes_held() const;
  size_t waiting() const;

 private:
  enum class Admission { granted, timed_out, stopped };
  struct Waiter;
  // All but enqueue and leave under the mutex.
  bool admissible(size_t bytes, bool grows) const;
  void take(Reservation& reservation, size_t bytes);
  void admit_waiting();
  void enqueue(Waiter& waiter);
  void leave(Waiter& waiter, Admission why);

  const Clock& clock_;
  const size_t bytes_max_;
  mutable std::mutex mutex_;
  size_t held_ = 0;
  size_t holders_ = 0;          // reservations above zero
  size_t growing_ = 0;          // of these, how many wait for more
  std::list<Waiter*> waiters_;  // those that grow come first: they are what the rest waits for
};

}  // namespace outcrop::net
