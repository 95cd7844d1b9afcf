// AdjustableBucket: a token bucket whose limit is told with every token that is taken, because stages and quotas change while they are in
// use.
#pragma once
#include <algorithm>

#include "core/token_bucket.h"

namespace outcrop::gateway {

struct RateLimit {
  double per_second = 0, burst = 0;  // a limit of zero lets nothing through
  bool operator==(const RateLimit&) const = default;
};

// One caller at a time.
class AdjustableBucket {
 public:
  explicit AdjustableBucket(RateLimit limit) : limit_(limit), tokens_(makeable(limit).per_second, makeable(limit).burst) {}

  bool take(RateLimit limit, Instant now, double tokens = 1) {
    if (limit != limit_) change(limit, now);
    return limit.per_second > 0 && limit.burst > 0 && tokens_.take(now, tokens) == TokenBucket::Nanoseconds::zero();
  }
  bool is_full(Instant now) const { return tokens_.available(now) >= makeable(limit_).burst; }

 private:
  // What a bucket can be made of: of numbers that are some, and of no more than fills within years.
  static RateLimit makeable(RateLimit limit) {
    const double per_second = within(limit.per_second, 0.001, 1e9);
    return {per_second, within(limit.burst, 1, per_second * fill_seconds_max)};
  }
  static double within(double number, double least, double most) { return number > least ? std::min(number, most) : least; }

  void change(RateLimit limit, Instant now) {
    limit_ = limit;
    tokens_.change(now, makeable(limit).per_second, makeable(limit).burst);
  }

  static constexpr double fill_seconds_max = 3e8;

  RateLimit limit_;
  TokenBucket tokens_;
};

}  // namespace outcrop::gateway
