// Admission: what every call passes before its operation runs, whether it came over a socket or from another
// service: throttles from the configuration, then injected faults.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "core/call.h"
#include "core/fault_injection.h"
#include "core/token_bucket.h"

namespace outcrop {

// A token bucket for each account and region in front of an operation.
struct ThrottleLimit {
  std::string service;    // "sqs"
  std::string operation;  // "SendMessage"; "*": each that has none of its own, with a bucket of its own
  double rate_per_second = 0;
  double burst = 0;
};

// The buckets of one operation. Time is the wall clock's: advancing a manual clock refills them.
class Throttle {
 public:
  Throttle(double rate_per_second, double burst) : rate_per_second_(rate_per_second), burst_(burst) {}
  bool take(const Call& call);  // thread-safe

 private:
  const double rate_per_second_, burst_;
  std::mutex mutex_;
  std::map<std::string, TokenBucket, std::less<>> buckets_;  // by account and region
};

// The fault of a call whose connection is to be dropped without an answer. It never reaches a client: in-process
// callers see ServiceUnavailable 503.
inline constexpr std::string_view connection_dropped = "ConnectionDropped";

class Admission {
 public:
  Admission(FaultInjection& faults, std::vector<ThrottleLimit> limits) : faults_(faults), limits_(std::move(limits)) {}

  // The throttle of an operation, or null.
  std::unique_ptr<Throttle> throttle_of(std::string_view service, std::string_view operation) const;

  // Whether admit() would let every call pass at once now.
  bool lets_all_pass(const Throttle* throttle) const { return !throttle && !faults_.has_rules(); }

  // Faults: `throttled`, an injected one, or connection_dropped. Waits an injected latency in real time, ended by the
  // call's stop.
  Task<Result<void>> admit(Call& call, Throttle* throttle, const Fault& throttled);

 private:
  FaultInjection& faults_;
  const std::vector<ThrottleLimit> limits_;
};

}  // namespace outcrop
