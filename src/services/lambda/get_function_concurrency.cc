#include "gen/lambda/get_function_concurrency.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// What a function has set apart of the account's concurrency, if anything.
Task<Result<GetFunctionConcurrencyOutput>> get_function_concurrency(Lambda& lambda, Call& call, GetFunctionConcurrencyInput input) {
  const FunctionName function = co_await read_function_name(call, input.function_name);
  co_await check_unqualified(function);
  co_return GetFunctionConcurrencyOutput{.reserved_concurrent_executions = co_await lambda.reserved_concurrency().find(function)};
}

}  // namespace outcrop::lambda
