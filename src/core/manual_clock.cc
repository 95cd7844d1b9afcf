#include "core/manual_clock.h"

#include <fmt/format.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/completion.h"
#include "core/limits.h"
#include "store/store.h"

namespace outcrop {

namespace {

constexpr std::string_view clock_key = "core/clock";  // ms since the epoch, decimal

constexpr int64_t year_9999_ms = 253'402'300'799'000;  // what iso8601 can write

}  // namespace

struct ManualClock::Queue {
  using Entries = std::multimap<Instant, std::shared_ptr<Entry>>;  // equal instants in the order they were added
  std::mutex mutex;
  Entries entries;
};

// A timer. The queue holds it until it is due, then the job posted to its executor does.
struct ManualClock::Entry {
  Executor* executor;
  Job job;
  bool cancelled = false;                         // touched on the executor's thread only
  std::optional<Queue::Entries::iterator> place;  // in the queue, while it is there; under its mutex
};

struct ManualClock::Handle final : TimerHandle {
  Handle(std::shared_ptr<Queue> queue, std::shared_ptr<Entry> entry) : queue(std::move(queue)), entry(std::move(entry)) {}
  ~Handle() override {
    entry->cancelled = true;
    std::lock_guard lock(queue->mutex);
    if (entry->place) queue->entries.erase(*std::exchange(entry->place, std::nullopt));
  }
  std::shared_ptr<Queue> queue;
  std::shared_ptr<Entry> entry;
};

// Watches from its own thread, whose waiting counts in no Activity, until all work has come to rest. The thread lives as
// long as one advance.
class ManualClock::Quiescence {
 public:
  explicit Quiescence(const Activity& activity, const Clock& clock) : activity_(activity), clock_(clock) {}
  ~Quiescence() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  Task<void> reached() {
    Completion<bool> rest(*Executor::current());
    {
      std::lock_guard lock(mutex_);
      if (!thread_.joinable()) thread_ = std::thread([this] { watch(); });
      asked_ = rest.setter();
    }
    wake_.notify_one();
    co_await rest;
  }

 private:
  void watch() {
    for (;;) {
      std::optional<Completion<bool>::Setter> asked;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return closing_ || asked_; });
        if (closing_) return;
        asked = std::exchange(asked_, std::nullopt);
      }
      SteadyTime give_up = clock_.steady() + limits::quiescence_wait_max;
      for (int round = 0; !activity_.idle(); ++round) {
        if (round % 64 == 63 && clock_.steady() > give_up) break;
        if (round < 256) {
          std::this_thread::yield();
        } else {
          std::unique_lock lock(mutex_);
          wake_.wait_for(lock, std::chrono::microseconds(50), [&] { return closing_; });
          if (closing_) return;
        }
      }
      asked->set(true);
    }
  }

  const Activity& activity_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Completion<bool>::Setter> asked_;
  bool closing_ = false;
  std::thread thread_;
};

ManualClock::ManualClock(Activity& activity, Instant start)
    : wall_ms_(ms_since_epoch(start)), queue_(std::make_shared<Queue>()), activity_(activity) {}

ManualClock::~ManualClock() = default;

Task<Result<void>> ManualClock::restore(store::Store& store) {
  std::optional<std::string> stored = co_await store.get(clock_key);
  store_ = &store;
  if (stored) {
    wall_ms_.store(std::stoll(*stored), std::memory_order_release);
    co_return {};
  }
  co_return co_await keep(stand_at(wall()));
}

Timer ManualClock::at(Instant due, Job job) {
  check(Executor::current() != nullptr, "a wall timer was started outside an executor");
  auto entry = std::make_shared<Entry>(Executor::current(), std::move(job));
  auto handle = std::make_unique<Handle>(queue_, entry);
  std::unique_lock lock(queue_->mutex);
  if (due > wall()) {
    entry->place = queue_->entries.emplace(due, entry);
    return handle;
  }
  lock.unlock();
  fire(std::move(entry));
  return handle;
}

void ManualClock::fire(std::shared_ptr<Entry> entry) {
  Executor& executor = *entry->executor;
  executor.post([entry = std::move(entry)] {
    if (!entry->cancelled) entry->job();
  });
}

Task<Result<uint64_t>> ManualClock::advance(Milliseconds by) {
  if (by < Milliseconds(0))
    co_return fail("ValidationException", 400, "The clock can only be advanced by a duration that is not negative.");
  if (by.count() > year_9999_ms) co_return fail("ValidationException", 400, "The clock cannot be advanced beyond the year 9999.");
  if (moving_.exchange(true)) co_return fail("ConflictException", 409, "The clock is being moved by another request.");
  Result<uint64_t> fired = co_await keep(move_to(wall() + by));
  moving_ = false;
  co_return fired;
}

Task<Result<uint64_t>> ManualClock::set(Instant to) {
  if (moving_.exchange(true)) co_return fail("ConflictException", 409, "The clock is being moved by another request.");
  Result<uint64_t> fired = co_await keep(move_to(to));
  moving_ = false;
  co_return fired;
}

Task<Result<uint64_t>> ManualClock::move_to(Instant to) {
  if (to < wall()) {
    co_return fail("ValidationException", 400,
                   fmt::format("The clock stands at {} and cannot be set back to {}: time only moves forward.", iso8601(wall(), true),
                               iso8601(to, true)));
  }
  if (ms_since_epoch(to) > year_9999_ms) co_return fail("ValidationException", 400, "The clock cannot be set beyond the year 9999.");
  Quiescence quiescence(activity_, real_);
  for (uint64_t fired = 0;;) {
    if (fired == limits::timers_per_advance_max) {
      co_return fail("LimitExceededException", 400,
                     fmt::format("{} timers fired without reaching the instant; the clock stands at {}.", fired, iso8601(wall(), true)));
    }
    co_await quiescence.reached();
    DueTimer next = take_due(to);
    if (!next.entry && wall() == to) co_return fired;
    co_await stand_at(next.entry ? std::max(next.due, wall()) : to);
    if (!next.entry) continue;
    fire(std::move(next.entry));
    ++fired;
  }
}

// The earliest timer that is due at `to`, taken from the queue; null when there is none.
ManualClock::DueTimer ManualClock::take_due(Instant to) {
  std::lock_guard lock(queue_->mutex);
  auto first = queue_->entries.begin();
  if (first == queue_->entries.end() || first->first > to) return {};
  Instant due = first->first;
  std::shared_ptr<Entry> entry = std::move(first->second);
  entry->place.reset();
  queue_->entries.erase(first);
  return {.due = due, .entry = std::move(entry)};
}

// Stores the instant before anybody can see it, so that no restart finds records from after its own time.
Task<Result<void>> ManualClock::stand_at(Instant instant) {
  if (store_ && instant != stored_) {
    store::WriteBatch batch;
    batch.put(clock_key, std::to_string(ms_since_epoch(instant)));
    co_await store_->write(std::move(batch));
    stored_ = instant;
  }
  std::lock_guard lock(queue_->mutex);
  wall_ms_.store(ms_since_epoch(instant), std::memory_order_release);
  co_return {};
}

}  // namespace outcrop
