// What an account has of Lambda in a Region, summed over its functions.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/task.h"
#include "services/lambda/function/keys.h"
#include "store/store.h"

namespace outcrop::lambda {

struct AccountUse {
  uint64_t functions = 0;
  uint64_t code_bytes = 0;               // of packages, all versions counted
  uint64_t reserved_concurrency = 0;     // by functions
  uint64_t provisioned_concurrency = 0;  // of functions that reserve none: what others provision is part of what they reserve

  uint64_t set_apart() const { return reserved_concurrency + provisioned_concurrency; }
};

Task<Result<AccountUse>> read_account_use(store::Transaction& transaction, const Place& place);

// What one function has provisioned, over its versions and aliases but `except`.
Task<Result<uint64_t>> provisioned_sum(store::Transaction& transaction, const Place& place, std::string_view function,
                                       std::string_view except = {});

}  // namespace outcrop::lambda
