#include "gen/lambda/delete_function.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Deletes a function with everything that is its own, or one version of it.
Task<Result<DeleteFunctionOutput>> delete_function(Lambda& lambda, Call& call, DeleteFunctionInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  co_await lambda.functions().erase(name);
  co_await lambda.provisioned_concurrency().apply(name);
  if (name.qualifier) co_return DeleteFunctionOutput{};
  co_await lambda.runner().forget(name.arn());
  co_await lambda.unreserved_concurrency().refresh(name.place);
  co_return DeleteFunctionOutput{};
}

}  // namespace outcrop::lambda
