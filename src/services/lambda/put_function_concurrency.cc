#include "gen/lambda/put_function_concurrency.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Sets a part of the account's concurrency apart for a function, which has no more than that then; 0 stops it.
Task<Result<PutFunctionConcurrencyOutput>> put_function_concurrency(Lambda& lambda, Call& call, PutFunctionConcurrencyInput input) {
  const FunctionName function = co_await read_function_name(call, input.function_name);
  co_await check_unqualified(function);
  co_await lambda.reserved_concurrency().put(function, uint32_t(input.reserved_concurrent_executions));
  co_await lambda.unreserved_concurrency().refresh(function.place);
  co_return PutFunctionConcurrencyOutput{.reserved_concurrent_executions = input.reserved_concurrent_executions};
}

}  // namespace outcrop::lambda
