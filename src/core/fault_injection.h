// Fault injection: rules that make operations slow, fail, or drop their connection, so that users can test how
// their applications bear it. Rules are set through the admin interface and live in memory.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace outcrop {

// How long an injected delay takes, in real time.
struct FixedLatency {
  Milliseconds value{0};
};
struct UniformLatency {
  Milliseconds from{0}, to{0};
};
struct NormalLatency {  // what falls below zero is zero
  Milliseconds mean{0}, deviation{0};
};
struct PercentileLatency {  // linear from zero to p50, p50 to p90 and p90 to p99, which is also the longest
  Milliseconds p50{0}, p90{0}, p99{0};
};
using LatencyDistribution = std::variant<FixedLatency, UniformLatency, NormalLatency, PercentileLatency>;

Milliseconds sample(const LatencyDistribution& distribution, Random& random);

struct FaultRule {
  std::string id;                     // given by add()
  std::string service = "*";          // the model's name, where * stands for any text and ? for one character
  std::string operation = "*";        // "SendMessage", "Send*"
  double rate = 1;                    // of the calls that match, in [0, 1]
  std::optional<uint64_t> remaining;  // how many more times it acts; none: without end
  std::optional<Fault> error;
  std::optional<LatencyDistribution> latency;  // before the error or, without one, before the operation
  bool drop_connection = false;                // no answer at all
  uint64_t applied = 0;                        // how often it has acted
};

// What is done to one call. Several rules may match: latencies add up, the first error or drop counts.
struct Injection {
  Milliseconds latency{0};
  std::optional<Fault> error;
  bool drop_connection = false;

  bool is_none() const { return latency.count() == 0 && !error && !drop_connection; }
};

class FaultInjection {
 public:
  explicit FaultInjection(Random& random) : random_(random) {}

  // Faults: ValidationException 400 (rate, status, name or latency out of range, or a rule that does nothing),
  // LimitExceededException 400.
  Result<FaultRule> add(FaultRule rule);
  bool remove(std::string_view id);
  void clear();
  std::vector<FaultRule> list() const;
  bool has_rules() const { return any_.load(std::memory_order_relaxed); }

  // Without rules one relaxed load. A rule whose count is spent is removed.
  Injection decide(std::string_view service, std::string_view operation) {
    if (!has_rules()) [[likely]]
      return {};
    return decide_by_rules(service, operation);
  }

 private:
  Injection decide_by_rules(std::string_view service, std::string_view operation);

  Random& random_;
  std::atomic<bool> any_ = false;
  mutable std::mutex mutex_;
  std::vector<FaultRule> rules_;
  uint64_t next_id_ = 1;
};

}  // namespace outcrop
