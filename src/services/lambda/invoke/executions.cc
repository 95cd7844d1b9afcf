#include "services/lambda/invoke/executions.h"

#include <memory>

namespace outcrop::lambda {

std::unique_ptr<Executions::Execution> Executions::begin(const Place& place, const std::string& function, bool is_reserved,
                                                         Running& running) {
  std::string account = place.account + "/" + place.region;
  auto execution = std::make_unique<Execution>(*this, account, account + "/" + function, is_reserved);
  std::lock_guard lock(mutex_);
  OfAccount& of_account = accounts_[execution->account_];
  running.of_account = ++of_account.all;
  running.unreserved = of_account.unreserved += is_reserved ? 0 : 1;
  running.of_function = ++functions_[execution->function_];
  return execution;
}

void Executions::end(const Execution& execution) {
  std::lock_guard lock(mutex_);
  auto account = accounts_.find(execution.account_);
  if (!execution.is_reserved_) --account->second.unreserved;
  if (--account->second.all == 0) accounts_.erase(account);
  auto function = functions_.find(execution.function_);
  if (--function->second == 0) functions_.erase(function);
}

}  // namespace outcrop::lambda
