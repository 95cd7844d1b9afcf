#include "gen/lambda/get_function_configuration.h"

#include "services/lambda/function/description.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

Task<Result<GetFunctionConfigurationOutput>> get_function_configuration(Lambda& lambda, Call& call, GetFunctionConfigurationInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  const StoredVersion stored = co_await lambda.functions().stored(name);
  co_return describe<GetFunctionConfigurationOutput>(name, name.qualified_arn(), stored);
}

}  // namespace outcrop::lambda
