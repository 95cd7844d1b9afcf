#include "gen/lambda/delete_function_concurrency.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Gives back to the account what a function had set apart of its concurrency.
Task<Result<DeleteFunctionConcurrencyOutput>> delete_function_concurrency(Lambda& lambda, Call& call,
                                                                          DeleteFunctionConcurrencyInput input) {
  const FunctionName function = co_await read_function_name(call, input.function_name);
  co_await check_unqualified(function);
  co_await lambda.reserved_concurrency().erase(function);
  co_await lambda.unreserved_concurrency().refresh(function.place);
  co_return DeleteFunctionConcurrencyOutput();
}

}  // namespace outcrop::lambda
