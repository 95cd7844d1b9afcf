// AdjustableBucket: a token bucket whose limit is told with every token that is taken, because stages and quotas change while they are in
// use.
#pragma once
#include "core/token_bucket.h"

namespace outcrop::gateway {

struct RateLimit {
  double per_second = 0, burst = 0;  // a limit of zero lets nothing through
  bool operator==(const RateLimit&) const = default;
};

// One caller at a time.
class AdjustableBucket {
 public:
  explicit AdjustableBucket(RateLimit limit) : limit_(limit), tokens_(at_least(limit).per_second, at_least(limit).burst) {}

  bool take(RateLimit limit, Instant now, double tokens = 1) {
    if (limit != limit_) change(limit, now);
    return limit.per_second > 0 && limit.burst > 0 && tokens_.take(now, tokens) == TokenBucket::Nanoseconds::zero();
  }
  bool is_full(Instant now) const { return tokens_.available(now) >= at_least(limit_).burst; }

 private:
  // What a bucket can be made of.
  static RateLimit at_least(RateLimit limit) { return {std::max(limit.per_second, 0.001), std::max(limit.burst, 1.0)}; }

  void change(RateLimit limit, Instant now) {
    limit_ = limit;
    tokens_.change(now, at_least(limit).per_second, at_least(limit).burst);
  }

  RateLimit limit_;
  TokenBucket tokens_;
};

}  // namespace outcrop::gateway
