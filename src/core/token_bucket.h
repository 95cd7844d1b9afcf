// TokenBucket: what everything that throttles is made of. It fills at a steady rate up to a burst; taking is
// lock-free. Implemented as the generic cell rate algorithm (ITU-T I.371): one number, the instant at which the
// bucket will be full again.
//
// Time comes from the caller. Limits that AWS defines count in Clock::wall, so that advancing a manual clock
// refills them; pacing of sockets and work counts in Clock::steady. One bucket sees one of the two.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace outcrop {

class TokenBucket {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  // Starts full. Both above zero; burst / rate at most ten years.
  TokenBucket(double tokens_per_second, double burst);

  // Takes `tokens` when they are all there and gives zero. Otherwise takes nothing and gives how long until they
  // will be; Nanoseconds::max() when they never can, being more than the burst.
  Nanoseconds take(Instant now, double tokens = 1) { return take_at(now.time_since_epoch(), tokens); }
  Nanoseconds take(SteadyTime now, double tokens = 1) { return take_at(now.time_since_epoch(), tokens); }

  // Takes `tokens` in any case, into debt when needed, and gives how long to wait until they are there: pacing.
  Nanoseconds reserve(Instant now, double tokens) { return reserve_at(now.time_since_epoch(), tokens); }
  Nanoseconds reserve(SteadyTime now, double tokens) { return reserve_at(now.time_since_epoch(), tokens); }

  // Corrects an estimate that was taken before: positive gives tokens back, negative takes more, into debt.
  void settle(double tokens);

  // A new rate and burst from now on, for limits that change while they are in use: what was taken and is not there again stays taken,
  // token for token. One caller at a time; what another thread takes at that instant may count at the old rate.
  void change(Instant now, double tokens_per_second, double burst);

  // Full again, whatever was taken.
  void refill() { full_at_ns_.store(never_taken_ns, std::memory_order_relaxed); }

  // What could be taken now; negative in debt.
  double available(Instant now) const { return available_at(now.time_since_epoch()); }
  double available(SteadyTime now) const { return available_at(now.time_since_epoch()); }

 private:
  Nanoseconds take_at(Nanoseconds now, double tokens);
  Nanoseconds reserve_at(Nanoseconds now, double tokens);
  double available_at(Nanoseconds now) const;
  int64_t cost_ns(double tokens) const { return int64_t(tokens * ns_per_token_.load(std::memory_order_relaxed)); }

  static constexpr int64_t never_taken_ns = INT64_MIN / 2;

  std::atomic<double> ns_per_token_;
  std::atomic<int64_t> burst_ns_;
  std::atomic<int64_t> full_at_ns_ = never_taken_ns;
};

}  // namespace outcrop
