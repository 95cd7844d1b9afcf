#include "services/lambda/concurrency/unreserved_concurrency.h"

#include <algorithm>

#include "services/lambda/account/account_use.h"
#include "services/lambda/account/quotas.h"
#include "store/store.h"

namespace outcrop::lambda {

// Goes from place to place: the first key of one, then the first beyond it.
Task<Result<void>> UnreservedConcurrency::start() {
  {
    std::lock_guard lock(mutex_);
    for (auto& [place, known] : known_) known.reserved = 0;
  }
  store::Range range = FunctionKeys::all_of(std::nullopt);
  for (;;) {
    const std::vector<store::Entry> entries = co_await world_.store.scan(range, {.entries_max = 1});
    if (entries.empty()) co_return {};
    const Place place = FunctionKeys::place_in(entries.front().key);
    co_await refresh(place);
    range.begin = FunctionKeys(place).all().end;
  }
}

Task<Result<void>> UnreservedConcurrency::refresh(const Place& place) {
  const AccountUse use = co_await world_.store.run([&](store::Transaction& transaction) { return read_account_use(transaction, place); });
  std::lock_guard lock(mutex_);
  known(place.account, place.region).reserved = use.reserved_concurrency;
  co_return {};
}

uint32_t UnreservedConcurrency::of(std::string_view account, std::string_view region) {
  std::lock_guard lock(mutex_);
  const Known& found = known(account, region);
  const uint64_t max = uint64_t(found.max.value());
  return uint32_t(max - std::min(max, found.reserved));
}

UnreservedConcurrency::Known& UnreservedConcurrency::known(std::string_view account, std::string_view region) {
  const std::string place = std::string(account) + "/" + std::string(region);
  if (auto found = known_.find(place); found != known_.end()) return found->second;
  return known_.emplace(place, Known{concurrent_executions(quotas_, {std::string(account), std::string(region)})}).first->second;
}

}  // namespace outcrop::lambda
