#include "gen/lambda/put_provisioned_concurrency_config.h"

#include "gen/lambda/errors.h"
#include "services/lambda/concurrency/describe_provisioned.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Keeps environments of a version or an alias initialised from now on.
Task<Result<PutProvisionedConcurrencyConfigOutput>> put_provisioned_concurrency_config(Lambda& lambda, Call& call,
                                                                                       PutProvisionedConcurrencyConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  if (name.qualifier == latest)
    co_return fail(
        invalid_parameter_value_exception("Provisioned Concurrency Configs cannot be applied to unpublished function versions."));
  PutProvisionedConcurrencyConfigOutput output;
  describe_provisioned(co_await lambda.provisioned_concurrency().put(name, uint32_t(input.provisioned_concurrent_executions)), output);
  co_return output;
}

}  // namespace outcrop::lambda
