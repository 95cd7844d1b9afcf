// ProvisionedConcurrency: environments that are kept initialised for versions and aliases. What was asked for is in the store; the runner
// keeps them, and is told again when a server starts or an alias moves.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/quota_book.h"
#include "core/world.h"
#include "gen/records/lambda.h"
#include "runner/runner.h"
#include "services/lambda/function/functions.h"

namespace outcrop::lambda {

// Versions and aliases can; $LATEST can not: InvalidParameterValueException 400.
Result<void> check_can_be_provisioned(const FunctionName& name);

// Thread-safe.
class ProvisionedConcurrency {
 public:
  // All must outlive it.
  ProvisionedConcurrency(World& world, QuotaBook& quotas, Functions& functions, runner::FunctionRunner& runner)
      : world_(world), quotas_(quotas), functions_(functions), runner_(runner) {}

  // Has the runner provision what is asked for, as it is stored: when a server starts, and after a reset.
  Task<Result<void>> start();

  struct Provisioned {
    std::string qualifier;
    ProvisionedRecord record;
    runner::ProvisionedState state;  // as it is now
  };

  // `name` has the qualifier of a version or an alias in all of these, which fault with ResourceNotFoundException 404 where there is no
  // such thing. put() gives what there is before anything was done. Its faults: InvalidParameterValueException 400 where there is not
  // so much concurrency, and for an alias of two versions; ResourceConflictException 409 where a version and its alias would both have it.
  Task<Result<Provisioned>> put(const FunctionName& name, uint32_t count);
  Task<Result<std::optional<Provisioned>>> find(const FunctionName& name);
  Task<Result<void>> erase(const FunctionName& name);
  // Those of a function, by qualifier behind `after`, at most `count`.
  Task<Result<std::vector<Provisioned>>> list(const FunctionName& function, std::string_view after, size_t count);

  // Has the runner keep what is asked for of a function now: after its aliases or versions changed.
  Task<void> apply(const FunctionName& function);

 private:
  struct Told {  // the runner, of a function
    bool is_busy = false, again = false;
    std::map<std::string, runner::FunctionVersionRef> versions;
  };

  Task<Result<std::map<std::string, uint32_t>>> wanted(const FunctionName& function);
  Task<Result<void>> tell(const FunctionName& function);
  bool begin_telling(const std::string& arn);
  bool is_told(const std::string& arn);
  Task<Result<Provisioned>> with_state(const FunctionName& name, std::string qualifier, ProvisionedRecord record);

  World& world_;
  QuotaBook& quotas_;
  Functions& functions_;
  runner::FunctionRunner& runner_;
  std::mutex mutex_;
  std::map<std::string, Told, std::less<>> told_;  // by the function's ARN
};

}  // namespace outcrop::lambda
