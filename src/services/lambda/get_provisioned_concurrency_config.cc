#include "gen/lambda/get_provisioned_concurrency_config.h"

#include "gen/lambda/errors.h"
#include "services/lambda/concurrency/describe_provisioned.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// How many environments of a version or an alias are to be kept initialised, and how far that is.
Task<Result<GetProvisionedConcurrencyConfigOutput>> get_provisioned_concurrency_config(Lambda& lambda, Call& call,
                                                                                       GetProvisionedConcurrencyConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  co_await check_can_be_provisioned(name);
  const auto provisioned = co_await lambda.provisioned_concurrency().find(name);
  if (!provisioned)
    co_return fail(provisioned_concurrency_config_not_found_exception("No Provisioned Concurrency Config found for this function"));
  GetProvisionedConcurrencyConfigOutput output;
  describe_provisioned(*provisioned, output);
  co_return output;
}

}  // namespace outcrop::lambda
