// TimedWork: work that somebody waits for until a time is up, and that goes on when it is: a function whose client has been told that it
// took too long still runs to its end.
#pragma once
#include <atomic>

#include "base/completion.h"
#include "base/task_group.h"
#include "core/timers.h"
#include "gateway/event/integration_result.h"
#include "gateway/event/limits.h"

namespace outcrop::gateway {

// Bytes of events that are under way, all together. Thread-safe.
class BytesInFlight {
 public:
  explicit BytesInFlight(size_t bytes_max) : bytes_max_(bytes_max) {}
  BytesInFlight(const BytesInFlight&) = delete;

  // A share, given back when it ends.
  class Share {
   public:
    Share(Share&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&&) = delete;
    ~Share() {
      if (owner_) owner_->bytes_ -= bytes_;
    }

   private:
    friend BytesInFlight;
    Share(BytesInFlight& owner, size_t bytes) : owner_(&owner), bytes_(bytes) {}
    BytesInFlight* owner_;
    size_t bytes_;
  };
  // None where there would be too many.
  std::optional<Share> take(size_t bytes) {
    if (bytes_ += bytes; bytes_ <= bytes_max_) return Share(*this, bytes);
    bytes_ -= bytes;
    return std::nullopt;
  }
  size_t bytes() const { return bytes_; }

 private:
  const size_t bytes_max_;
  std::atomic<size_t> bytes_ = 0;
};

class TimedWork {
 public:
  explicit TimedWork(const Clock& clock) : clock_(clock) {}

  // What `work` gives, or INTEGRATION_TIMEOUT; goes on on the caller's executor. `work` owns what it needs; it keeps `share` to its end.
  template <class T>
  Task<Result<T>> run(Milliseconds limit, BytesInFlight::Share share, Task<Result<T>> work) {
    Executor& home = *Executor::current();
    Completion<Result<T>> done(home);
    Timer timer = home.start_timer(clock_.steady() + limit, [setter = done.setter()] { setter.set(fail(integration_timed_out())); });
    group_.spawn(deliver(std::move(work), std::move(share), done.setter()));
    Result<T> result = co_await done;
    timer.reset();
    co_return result;
  }

  std::stop_token stop_token() const { return group_.stop_token(); }
  // Stops what is under way and waits for it. Nothing may be run any more.
  Task<void> close() {
    group_.request_stop();
    co_await group_.join();
  }

 private:
  template <class T>
  static Task<void> deliver(Task<Result<T>> work, BytesInFlight::Share, typename Completion<Result<T>>::Setter setter) {
    setter.set(co_await keep(std::move(work)));
  }

  const Clock& clock_;
  TaskGroup group_;
};

}  // namespace outcrop::gateway
