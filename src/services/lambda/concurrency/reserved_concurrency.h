// ReservedConcurrency: what functions set apart for themselves of their account's concurrency.
#pragma once
#include <cstdint>
#include <optional>

#include "core/quota_book.h"
#include "core/world.h"
#include "services/lambda/function/function_name.h"

namespace outcrop::lambda {

// A function without a qualifier: what a request names that is about no version and no alias. InvalidParameterValueException 400.
Result<void> check_unqualified(const FunctionName& name);

// Thread-safe.
class ReservedConcurrency {
 public:
  ReservedConcurrency(World& world, QuotaBook& quotas) : world_(world), quotas_(quotas) {}

  // Faults: ResourceNotFoundException 404; InvalidParameterValueException 400 when too little is left to others, or when it is less than
  // what the function has provisioned.
  Task<Result<void>> put(const FunctionName& function, uint32_t count);
  // These fault with ResourceNotFoundException 404.
  Task<Result<std::optional<int32_t>>> find(const FunctionName& function);
  Task<Result<void>> erase(const FunctionName& function);

 private:
  World& world_;
  QuotaBook& quotas_;
};

}  // namespace outcrop::lambda
