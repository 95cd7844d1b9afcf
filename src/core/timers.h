// Wake-ups in wall time: what AWS defines in time (visibility, delays, schedules) waits here. Real ones follow
// the machine's clock; a ManualClock's fire when it is advanced.
#pragma once
#include <memory>
#include <stop_token>
#include <vector>

#include "base/executor.h"
#include "base/task.h"
#include "base/time.h"

namespace outcrop {

class WallTimers {
 public:
  virtual ~WallTimers() = default;

  // Runs `job` once on the calling thread's executor at or shortly after `due`; in the past: as soon as what is
  // queued now has run. Destroying the handle, on the same thread, cancels it.
  virtual Timer at(Instant due, Job job) = 0;

  // Returns at `due` or when a stop is requested, whichever is first, on the calling thread's executor.
  Task<void> until(Instant due, std::stop_token stop = {});
};

// Returns at the real instant `due` or when a stop is requested, on the calling thread's executor.
Task<void> steady_until(SteadyTime due, std::stop_token stop = {});

// Timers of the machine's wall clock. Each executor has one steady timer, armed for its earliest.
class RealWallTimers final : public WallTimers {
 public:
  RealWallTimers(const Clock& clock, const std::vector<Executor*>& executors);
  ~RealWallTimers() override;  // after the executors have stopped, or on the only one's thread

  Timer at(Instant due, Job job) override;

 private:
  class OfExecutor;

  std::vector<std::unique_ptr<OfExecutor>> of_executor_;
};

}  // namespace outcrop
