#include "net/body_budget.h"

#include <algorithm>
#include <utility>

namespace outcrop::net {

struct BodyBudget::Waiter {
  Reservation& reservation;
  size_t bytes;  // wanted on top of what is held
  bool grows;
  Completion<Admission>::Setter setter;
};

BodyBudget::BodyBudget(const Clock& clock, size_t bytes_max) : clock_(clock), bytes_max_(bytes_max) {}

BodyBudget::~BodyBudget() { check(held_ == 0 && waiters_.empty(), "a body outlives its budget"); }

bool BodyBudget::Reservation::try_hold(size_t bytes) {
  if (bytes <= bytes_) return true;
  std::lock_guard lock(budget_.mutex_);
  bool first = budget_.waiters_.empty() || (bytes_ > 0 && budget_.growing_ == 0);
  size_t more = bytes - bytes_;
  if (!first || !budget_.admissible(more, bytes_ > 0)) return false;
  budget_.take(*this, more);
  return true;
}

Task<Result<void>> BodyBudget::Reservation::hold(size_t bytes, Milliseconds patience, std::stop_token stop) {
  if (try_hold(bytes)) co_return {};
  Executor& home = *Executor::current();
  Completion<Admission> done(home);
  Waiter waiter{*this, bytes - bytes_, bytes_ > 0, done.setter()};
  budget_.enqueue(waiter);
  Timer patience_ends = home.start_timer(budget_.clock_.steady() + patience, [&] { budget_.leave(waiter, Admission::timed_out); });
  std::stop_callback on_stop(stop, [&] { budget_.leave(waiter, Admission::stopped); });
  Admission admission = co_await done;
  if (admission == Admission::timed_out) {
    co_return fail("ServiceUnavailable", 503, "The memory for request bodies is spent. Reduce your request rate.");
  }
  if (admission == Admission::stopped)
    co_return fail("ConnectionClosed", 499, "The connection was closed while its body waited for memory.");
  co_return {};
}

void BodyBudget::Reservation::release() {
  if (bytes_ == 0) return;
  std::lock_guard lock(budget_.mutex_);
  budget_.held_ -= std::exchange(bytes_, 0);
  --budget_.holders_;
  budget_.admit_waiting();
}

// A body that fits, or one that nobody else's end could make fit: a first reservation when nothing is held, a
// growing one when every holder waits to grow.
bool BodyBudget::admissible(size_t bytes, bool grows) const {
  if (bytes <= bytes_max_ && held_ <= bytes_max_ - bytes) return true;
  return grows ? holders_ == std::max<size_t>(growing_, 1) : holders_ == 0;
}

void BodyBudget::take(Reservation& reservation, size_t bytes) {
  if (reservation.bytes_ == 0) ++holders_;
  reservation.bytes_ += bytes;
  held_ += bytes;
}

void BodyBudget::enqueue(Waiter& waiter) {
  std::lock_guard lock(mutex_);
  auto place = waiter.grows ? std::ranges::find_if(waiters_, [](Waiter* other) { return !other->grows; }) : waiters_.end();
  waiters_.insert(place, &waiter);
  if (waiter.grows) ++growing_;
  admit_waiting();
}

void BodyBudget::admit_waiting() {
  while (!waiters_.empty() && admissible(waiters_.front()->bytes, waiters_.front()->grows)) {
    Waiter& waiter = *waiters_.front();
    waiters_.pop_front();
    if (waiter.grows) --growing_;
    take(waiter.reservation, waiter.bytes);
    waiter.setter.set(Admission::granted);
  }
}

void BodyBudget::leave(Waiter& waiter, Admission why) {
  std::lock_guard lock(mutex_);
  auto place = std::ranges::find(waiters_, &waiter);
  if (place == waiters_.end()) return;  // it was admitted meanwhile
  waiters_.erase(place);
  if (waiter.grows) --growing_;
  waiter.setter.set(why);
  admit_waiting();
}

size_t BodyBudget::bytes_held() const {
  std::lock_guard lock(mutex_);
  return held_;
}

size_t BodyBudget::waiting() const {
  std::lock_guard lock(mutex_);
  return waiters_.size();
}

}  // namespace outcrop::net
