#include "core/timers.h"

#include <algorithm>
#include <map>

#include "base/completion.h"
#include "core/limits.h"

namespace outcrop {

namespace {

struct WakeUp {
  Completion<bool>::Setter setter;
  void operator()() const { setter.set(true); }
};

}  // namespace

Task<void> WallTimers::until(Instant due, std::stop_token stop) {
  if (stop.stop_requested()) co_return;
  Completion<bool> woken(*Executor::current());
  Timer timer = at(due, WakeUp{woken.setter()});
  std::stop_callback stopped(stop, WakeUp{woken.setter()});
  co_await woken;
}

Task<void> steady_until(SteadyTime due, std::stop_token stop) {
  if (stop.stop_requested()) co_return;
  Completion<bool> woken(*Executor::current());
  Timer timer = Executor::current()->start_timer(due, WakeUp{woken.setter()});
  std::stop_callback stopped(stop, WakeUp{woken.setter()});
  co_await woken;
}

// The timers of one executor; touched only on its thread.
class RealWallTimers::OfExecutor {
 public:
  OfExecutor(const Clock& clock, Executor& executor) : clock_(clock), executor_(executor) {}

  Executor& executor() const { return executor_; }
  Timer add(Instant due, Job job);

 private:
  struct Handle;
  struct Entry {
    Handle* handle;
    Job job;
  };

  void arm();
  void fire();

  const Clock& clock_;
  Executor& executor_;
  std::multimap<Instant, Entry> entries_;  // equal instants in the order they were added
  Timer armed_;
  SteadyTime armed_for_ = SteadyTime::max();
};

struct RealWallTimers::OfExecutor::Handle final : TimerHandle {
  Handle(OfExecutor& owner) : owner(&owner) {}
  ~Handle() override {
    if (owner) owner->entries_.erase(entry);
  }
  OfExecutor* owner;  // null once it fired
  std::multimap<Instant, Entry>::iterator entry;
};

Timer RealWallTimers::OfExecutor::add(Instant due, Job job) {
  auto handle = std::make_unique<Handle>(*this);
  handle->entry = entries_.emplace(due, Entry{handle.get(), std::move(job)});
  if (handle->entry == entries_.begin()) arm();
  return handle;
}

// Looks at the wall clock again after a while however far the next timer is: the clock may have been set.
void RealWallTimers::OfExecutor::arm() {
  if (entries_.empty()) return;
  Milliseconds wait = std::clamp<Milliseconds>(entries_.begin()->first - clock_.wall(), Milliseconds(0), limits::wall_clock_check_interval);
  SteadyTime due = clock_.steady() + wait;
  if (armed_ && armed_for_ <= due) return;
  armed_for_ = due;
  armed_ = executor_.start_timer(due, [this] { fire(); });
}

void RealWallTimers::OfExecutor::fire() {
  armed_.reset();
  Instant now = clock_.wall();
  for (size_t fired = 0; fired < limits::timers_fired_in_a_row_max && !entries_.empty() && entries_.begin()->first <= now; ++fired) {
    auto node = entries_.extract(entries_.begin());
    node.mapped().handle->owner = nullptr;
    node.mapped().job();
  }
  arm();
}

RealWallTimers::RealWallTimers(const Clock& clock, const std::vector<Executor*>& executors) {
  for (Executor* executor : executors) of_executor_.push_back(std::make_unique<OfExecutor>(clock, *executor));
}

RealWallTimers::~RealWallTimers() = default;

Timer RealWallTimers::at(Instant due, Job job) {
  for (auto& timers : of_executor_) {
    if (timers->executor().is_current()) return timers->add(due, std::move(job));
  }
  check(false, "a wall timer was started outside the world's executors");
  return nullptr;
}

}  // namespace outcrop
