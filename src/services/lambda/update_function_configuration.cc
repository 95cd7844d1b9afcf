#include "gen/lambda/update_function_configuration.h"

#include "services/lambda/function/configuration.h"
#include "services/lambda/function/description.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Changes what is said, and leaves the rest. What is not said of environments that run already ends with them.
Task<Result<UpdateFunctionConfigurationOutput>> update_function_configuration(Lambda& lambda, Call& call,
                                                                              UpdateFunctionConfigurationInput input) {
  FunctionName name = co_await read_function_name(call, input.function_name);
  name.qualifier.reset();
  if (input.runtime) co_await call.world.pool.run([&] { return lambda.runtimes().check(*input.runtime); });
  const ConfigurationChange change = co_await take_configuration(input);
  const StoredVersion changed = co_await lambda.functions().update(name, {.revision_id = std::move(input.revision_id)},
                                                                   [&](VersionRecord& record) { return apply(change, record); });
  co_return describe<UpdateFunctionConfigurationOutput>(name, name.arn(), changed);
}

}  // namespace outcrop::lambda
