#include "runner/concurrency.h"

#include "runner/runner.h"

namespace outcrop::runner {

namespace {

std::unexpected<Fault> refused_for(std::string_view reason) { return fail(std::string(reason), 429, "Rate Exceeded."); }

}  // namespace

AccountConcurrency& AccountConcurrencies::of(std::string_view account, std::string_view region) {
  std::string key;
  key.append(account).append("/").append(region);
  std::scoped_lock lock(mutex_);
  return accounts_[key];
}

uint32_t AccountConcurrencies::unreserved(std::string_view account, std::string_view region) const {
  return unreserved_ ? unreserved_(account, region) : limits::account_concurrency;
}

FunctionConcurrency::FunctionConcurrency(AccountConcurrencies& accounts, std::string account, std::string region)
    : accounts_(accounts), account_(std::move(account)), region_(std::move(region)), of_account_(accounts.of(account_, region_)) {}

Result<ConcurrencySlot> FunctionConcurrency::take(std::optional<uint32_t> reserved, SteadyTime now) {
  return reserved ? take_reserved(*reserved, now) : take_unreserved(now);
}

Result<ConcurrencySlot> FunctionConcurrency::take_reserved(uint32_t reserved, SteadyTime now) {
  if (running_ >= reserved) return refused_for(reserved_concurrency_exceeded);
  if (!take_request(reserved, now)) return refused_for(reserved_rate_exceeded);
  ++running_;
  return ConcurrencySlot(shared_from_this(), true);
}

// Counted first, so that of two loops that want the last one not both get it.
Result<ConcurrencySlot> FunctionConcurrency::take_unreserved(SteadyTime now) {
  const uint32_t unreserved = accounts_.unreserved(account_, region_);
  std::optional<std::string_view> reason;
  if (of_account_.fetch_add(1) >= unreserved) {
    reason = account_concurrency_exceeded;
  } else if (!take_request(unreserved, now)) {
    reason = invocation_rate_exceeded;
  }
  if (reason) {
    of_account_.fetch_sub(1);
    return refused_for(*reason);
  }
  ++running_;
  return ConcurrencySlot(shared_from_this(), false);
}

bool FunctionConcurrency::take_request(uint32_t concurrency, SteadyTime now) {
  if (std::exchange(requests_for_, concurrency) != concurrency) {
    const double rate = limits::requests_per_concurrency * concurrency;
    requests_.change(Instant(std::chrono::duration_cast<Milliseconds>(now.time_since_epoch())), rate, rate);
  }
  return requests_.take(now) == TokenBucket::Nanoseconds(0);
}

void ConcurrencySlot::release() {
  if (!function_) return;
  --function_->running_;
  if (!is_reserved_) function_->of_account_.fetch_sub(1);
  function_.reset();
}

}  // namespace outcrop::runner
