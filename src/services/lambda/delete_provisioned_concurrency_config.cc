#include "gen/lambda/delete_provisioned_concurrency_config.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Keeps no environments of a version or an alias any more, if any were kept.
Task<Result<DeleteProvisionedConcurrencyConfigOutput>> delete_provisioned_concurrency_config(
    Lambda& lambda, Call& call, DeleteProvisionedConcurrencyConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  co_await check_can_be_provisioned(name);
  co_await lambda.provisioned_concurrency().erase(name);
  co_return DeleteProvisionedConcurrencyConfigOutput();
}

}  // namespace outcrop::lambda
