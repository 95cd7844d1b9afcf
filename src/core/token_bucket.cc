#include "core/token_bucket.h"

#include <algorithm>

#include "base/check.h"

namespace outcrop {

namespace {

void check_limits(double tokens_per_second, double burst) {
  check(tokens_per_second > 0 && burst > 0, "a token bucket needs a rate and a burst above zero");
  check(burst / tokens_per_second <= 10 * 366 * 86400.0, "a token bucket must fill within ten years");
}

}  // namespace

TokenBucket::TokenBucket(double tokens_per_second, double burst) : ns_per_token_(1e9 / tokens_per_second), burst_ns_(cost_ns(burst)) {
  check_limits(tokens_per_second, burst);
}

void TokenBucket::change(Instant at, double tokens_per_second, double burst) {
  check_limits(tokens_per_second, burst);
  const int64_t now = Nanoseconds(at.time_since_epoch()).count();
  const double ns_per_token = 1e9 / tokens_per_second;
  const double scale = ns_per_token / ns_per_token_.exchange(ns_per_token, std::memory_order_relaxed);
  burst_ns_.store(int64_t(burst * ns_per_token), std::memory_order_relaxed);
  int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
  while (full_at > now &&
         !full_at_ns_.compare_exchange_weak(full_at, now + int64_t(double(full_at - now) * scale), std::memory_order_relaxed)) {
  }
}

TokenBucket::Nanoseconds TokenBucket::take_at(Nanoseconds now, double tokens) {
  const int64_t cost = cost_ns(tokens), burst_ns = burst_ns_.load(std::memory_order_relaxed);
  if (cost > burst_ns) return Nanoseconds::max();
  int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
  for (;;) {
    const int64_t after = std::max(full_at, now.count()) + cost;
    if (after - now.count() > burst_ns) return Nanoseconds(after - now.count() - burst_ns);
    if (full_at_ns_.compare_exchange_weak(full_at, after, std::memory_order_relaxed)) return Nanoseconds(0);
  }
}

TokenBucket::Nanoseconds TokenBucket::reserve_at(Nanoseconds now, double tokens) {
  const int64_t cost = cost_ns(tokens);
  int64_t full_at = full_at_ns_.load(std::memory_order_relaxed);
  for (;;) {
    const int64_t after = std::max(full_at, now.count()) + cost;
    if (full_at_ns_.compare_exchange_weak(full_at, after, std::memory_order_relaxed)) {
      return Nanoseconds(std::max<int64_t>(0, after - now.count() - burst_ns_.load(std::memory_order_relaxed)));
    }
  }
}

void TokenBucket::settle(double tokens) { full_at_ns_.fetch_sub(cost_ns(tokens), std::memory_order_relaxed); }

double TokenBucket::available_at(Nanoseconds now) const {
  const int64_t full_at = std::max(full_at_ns_.load(std::memory_order_relaxed), now.count());
  return double(burst_ns_.load(std::memory_order_relaxed) - (full_at - now.count())) / ns_per_token_.load(std::memory_order_relaxed);
}

}  // namespace outcrop
