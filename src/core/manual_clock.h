// ManualClock: wall time that moves only when told to, so that a workflow of thirty days is tested in
// milliseconds. Advancing fires the due timers one by one, each at its exact instant, and between two of them
// waits until everything they set off has come to rest; timers that timers set are fired in their turn.
#pragma once
#include <atomic>
#include <memory>
#include <optional>

#include "base/activity.h"
#include "base/time.h"
#include "core/timers.h"

namespace outcrop {

namespace store {
class Store;
}

class ManualClock final : public Clock, public WallTimers {
 public:
  // Stands at `start`. `activity` is what the executors, the pool and the store count their work in.
  ManualClock(Activity& activity, Instant start);
  ~ManualClock() override;

  // Goes on from the instant that is stored, when there is one, and stores every later one.
  Task<Result<void>> restore(store::Store& store);

  Instant wall() const override { return Instant(Milliseconds(wall_ms_.load(std::memory_order_acquire))); }
  Instant real_wall() const override { return real_.real_wall(); }
  SteadyTime steady() const override { return real_.steady(); }

  Timer at(Instant due, Job job) override;

  // Moves on and gives the number of timers that fired. Faults: ValidationException 400 when `to` lies before
  // now (time does not run backwards: durable records would lie in the future) or a duration is negative;
  // ConflictException 409 while another call is moving the clock.
  Task<Result<uint64_t>> set(Instant to);
  Task<Result<uint64_t>> advance(Milliseconds by);

 private:
  struct Entry;
  struct DueTimer {
    Instant due;
    std::shared_ptr<Entry> entry;
  };
  struct Handle;
  struct Queue;
  class Quiescence;

  Task<Result<uint64_t>> move_to(Instant to);
  Task<Result<void>> stand_at(Instant instant);
  DueTimer take_due(Instant to);
  void fire(std::shared_ptr<Entry> entry);

  RealClock real_;
  std::atomic<int64_t> wall_ms_;
  std::atomic<bool> moving_ = false;
  std::shared_ptr<Queue> queue_;
  const Activity& activity_;
  store::Store* store_ = nullptr;
  std::optional<Instant> stored_;
};

}  // namespace outcrop
