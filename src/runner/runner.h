// Runner: runs functions in processes of this machine: environments, kept warm, made as they are needed, ended when they are not.
#pragma once
#include <memory>
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

// What is asked of whoever runs functions; Runner is the one that does, tests have others.
class FunctionRunner {
 public:
  virtual ~FunctionRunner() = default;

  // Returns when the function begins to answer, or has failed to: what goes wrong in a function is an answer whose outcome says so.
  // Never waits for another invocation to end: refuses instead. Faults: the four above; ServiceException 500.
  virtual Task<Result<std::unique_ptr<Answer>>> invoke(FunctionVersionRef function, Invocation invocation) = 0;
};

}  // namespace outcrop::runner
