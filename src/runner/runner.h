// FunctionRunner: what is asked of whoever runs functions: invocations, and environments kept ready for them. ProcessRunner
// (process_runner.h) runs them in processes of this machine; tests have others.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.h"
#include "runner/function_version.h"
#include "runner/invocation.h"

namespace outcrop::runner {

// Codes of the faults of invoke() for want of concurrency (429); the Lambda service words them as TooManyRequestsException with the code as
// its Reason.
inline constexpr std::string_view reserved_concurrency_exceeded = "ReservedFunctionConcurrentInvocationLimitExceeded";
inline constexpr std::string_view account_concurrency_exceeded = "ConcurrentInvocationLimitExceeded";
inline constexpr std::string_view invocation_rate_exceeded = "FunctionInvocationRateLimitExceeded";
inline constexpr std::string_view reserved_rate_exceeded = "ReservedFunctionInvocationRateLimitExceeded";

// Of one version of a function, as GetProvisionedConcurrencyConfig tells it.
struct ProvisionedState {
  enum class Status : uint8_t { in_progress, ready, failed };

  uint32_t requested = 0;
  uint32_t allocated = 0;  // environments that are initialised
  uint32_t available = 0;  // of them, those that run nothing now
  Status status = Status::ready;
  std::string reason = {};  // "FUNCTION_ERROR_INIT_FAILURE" when it failed; it is tried again
};

class FunctionRunner {
 public:
  virtual ~FunctionRunner() = default;

  // Returns when the function begins to answer, or has failed to: what goes wrong in a function is an answer whose outcome says so.
  // Never waits for another invocation to end: refuses instead. Faults: the four above; ServiceException 500.
  virtual Task<Result<std::unique_ptr<Answer>>> invoke(FunctionVersionRef function, Invocation invocation) = 0;

  // Keeps so many environments of this version initialised from now on, also when its revision changes: for whoever then invokes there
  // is no cold start. 0: none any more. Returns at once; provisioned_state() says how far it is.
  virtual Task<void> provision(FunctionVersionRef function, uint32_t count) = 0;
  virtual Task<ProvisionedState> provisioned_state(FunctionVersionRef function) = 0;

  // The function is deleted: all that is kept of it, over all its versions, is let go, and what runs is ended. When it returns nothing of
  // it is left. `function_arn` without a qualifier.
  virtual Task<void> forget(std::string function_arn) = 0;
  // The same for all functions of an account, or of all accounts.
  virtual Task<void> forget_account(std::optional<std::string> account) = 0;
};

}  // namespace outcrop::runner
