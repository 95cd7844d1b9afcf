#include "gen/lambda/remove_permission.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Takes a statement out of the policy of a function, a version or an alias. A policy goes with its last statement.
Task<Result<RemovePermissionOutput>> remove_permission(Lambda& lambda, Call& call, RemovePermissionInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  co_await lambda.policies().remove(name, input.statement_id, input.revision_id);
  co_return RemovePermissionOutput();
}

}  // namespace outcrop::lambda
