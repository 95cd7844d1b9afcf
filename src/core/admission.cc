#include "core/admission.h"

#include "core/limits.h"
#include "core/timers.h"

namespace outcrop {

bool Throttle::take(const Call& call) {
  const Instant now = call.world.clock.wall();
  std::string key = call.account() + "/" + call.region;
  std::lock_guard lock(mutex_);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= limits::throttle_buckets_max) {
      std::erase_if(buckets_, [&](const auto& entry) { return entry.second.available(now) >= burst_; });  // as good as new
    }
    if (buckets_.size() >= limits::throttle_buckets_max) return false;
    found = buckets_.try_emplace(std::move(key), rate_per_second_, burst_).first;
  }
  return found->second.take(now).count() == 0;
}

std::unique_ptr<Throttle> Admission::throttle_of(std::string_view service, std::string_view operation) const {
  const ThrottleLimit* chosen = nullptr;
  for (const ThrottleLimit& limit : limits_) {
    if (limit.service != service) continue;
    if (limit.operation == operation || (limit.operation == "*" && !chosen)) chosen = &limit;
    if (limit.operation == operation) break;
  }
  return chosen ? std::make_unique<Throttle>(chosen->rate_per_second, chosen->burst) : nullptr;
}

Task<Result<void>> Admission::admit(Call& call, Throttle* throttle, const Fault& throttled) {
  if (throttle && !throttle->take(call)) co_return fail(throttled);
  Injection injection = faults_.decide(call.service, call.operation);
  if (injection.is_none()) co_return {};
  if (injection.latency.count() > 0) co_await steady_until(call.world.clock.steady() + injection.latency, call.stop);
  if (injection.drop_connection) co_return fail(std::string(connection_dropped), 503, "The connection was dropped by a fault rule.");
  if (injection.error) co_return fail(std::move(*injection.error));
  co_return {};
}

}  // namespace outcrop
