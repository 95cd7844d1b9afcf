#include "core/fault_injection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "auth/policy_pattern.h"
#include "core/limits.h"

namespace outcrop {

namespace {

std::unexpected<Fault> refuse_rule(std::string message) { return fail("ValidationException", 400, std::move(message)); }

struct LatencySampler {
  Random& random;

  double operator()(const FixedLatency& latency) const { return double(latency.value.count()); }
  double operator()(const UniformLatency& latency) const {
    return std::lerp(double(latency.from.count()), double(latency.to.count()), random.unit());
  }
  double operator()(const NormalLatency& latency) const {  // Box and Muller 1958
    const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
    return double(latency.mean.count()) + double(latency.deviation.count()) * radius * std::cos(2 * std::numbers::pi * random.unit());
  }
  double operator()(const PercentileLatency& latency) const {
    const double at = random.unit();
    if (at < 0.5) return std::lerp(0.0, double(latency.p50.count()), at / 0.5);
    if (at < 0.9) return std::lerp(double(latency.p50.count()), double(latency.p90.count()), (at - 0.5) / 0.4);
    return std::lerp(double(latency.p90.count()), double(latency.p99.count()), std::min(1.0, (at - 0.9) / 0.09));
  }
};

// The longest a distribution gives, or none when its figures make no sense.
std::optional<Milliseconds> longest(const LatencyDistribution& distribution) {
  constexpr Milliseconds zero{0};
  if (auto* fixed = std::get_if<FixedLatency>(&distribution)) return fixed->value < zero ? std::nullopt : std::optional(fixed->value);
  if (auto* uniform = std::get_if<UniformLatency>(&distribution)) {
    return uniform->from < zero || uniform->to < uniform->from ? std::nullopt : std::optional(uniform->to);
  }
  if (auto* normal = std::get_if<NormalLatency>(&distribution)) {
    return normal->mean < zero || normal->deviation < zero ? std::nullopt : std::optional(std::max(normal->mean, normal->deviation));
  }
  auto& percentiles = std::get<PercentileLatency>(distribution);
  const bool rises = zero <= percentiles.p50 && percentiles.p50 <= percentiles.p90 && percentiles.p90 <= percentiles.p99;
  return rises ? std::optional(percentiles.p99) : std::nullopt;
}

Result<void> check_rule(const FaultRule& rule) {
  if (rule.service.empty() || rule.operation.empty()) return refuse_rule("service and operation must not be empty; * stands for all.");
  if (!(rule.rate >= 0 && rule.rate <= 1)) return refuse_rule("rate must be between 0 and 1.");
  if (rule.remaining == 0) return refuse_rule("count must be at least 1.");
  if (rule.error && (rule.error->status < 400 || rule.error->status > 599)) return refuse_rule("error.status must be between 400 and 599.");
  if (rule.error && rule.error->code.empty()) return refuse_rule("error.code must not be empty.");
  if (rule.error && rule.drop_connection) return refuse_rule("A rule can answer with an error or drop the connection, not both.");
  if (!rule.error && !rule.drop_connection && !rule.latency) return refuse_rule("A rule needs an error, a latency or dropConnection.");
  if (rule.latency) {
    std::optional<Milliseconds> most = longest(*rule.latency);
    if (!most) return refuse_rule("A latency must not be negative, and its figures must rise.");
    if (*most > limits::injected_latency_max) {
      return refuse_rule(fmt::format("A latency can be {} at most.", limits::injected_latency_max.count()) + " ms");
    }
  }
  return {};
}

}  // namespace

Milliseconds sample(const LatencyDistribution& distribution, Random& random) {
  const double ms = std::visit(LatencySampler{random}, distribution);
  return Milliseconds(std::llround(std::clamp(ms, 0.0, double(limits::injected_latency_max.count()))));
}

Result<FaultRule> FaultInjection::add(FaultRule rule) {
  if (Result<void> checked = check_rule(rule); !checked) return fail(std::move(checked.error()));
  std::lock_guard lock(mutex_);
  if (rules_.size() >= limits::fault_rules_max) {
    return fail("LimitExceededException", 400, fmt::format("There can be {} fault rules at most.", limits::fault_rules_max));
  }
  rule.id = fmt::format("fault-{}", next_id_++);
  rule.applied = 0;
  rules_.push_back(rule);
  any_.store(true, std::memory_order_relaxed);
  return rule;
}

bool FaultInjection::remove(std::string_view id) {
  std::lock_guard lock(mutex_);
  const bool removed = std::erase_if(rules_, [&](const FaultRule& rule) { return rule.id == id; }) > 0;
  any_.store(!rules_.empty(), std::memory_order_relaxed);
  return removed;
}

void FaultInjection::clear() {
  std::lock_guard lock(mutex_);
  rules_.clear();
  any_.store(false, std::memory_order_relaxed);
}

std::vector<FaultRule> FaultInjection::list() const {
  std::lock_guard lock(mutex_);
  return rules_;
}

Injection FaultInjection::decide_by_rules(std::string_view service, std::string_view operation) {
  Injection injection;
  std::lock_guard lock(mutex_);
  for (FaultRule& rule : rules_) {
    if (!auth::matches_wildcards(rule.service, service) || !auth::matches_wildcards(rule.operation, operation)) continue;
    if (rule.rate < 1 && random_.unit() >= rule.rate) continue;
    const bool ends_call = rule.error || rule.drop_connection;
    const bool ended = injection.error || injection.drop_connection;
    if (ended && ends_call) continue;
    ++rule.applied;
    if (rule.remaining) --*rule.remaining;
    if (rule.latency) injection.latency += sample(*rule.latency, random_);
    if (rule.error) injection.error = rule.error;
    injection.drop_connection |= rule.drop_connection;
  }
  std::erase_if(rules_, [](const FaultRule& rule) { return rule.remaining == 0; });
  any_.store(!rules_.empty(), std::memory_order_relaxed);
  return injection;
}

}  // namespace outcrop
