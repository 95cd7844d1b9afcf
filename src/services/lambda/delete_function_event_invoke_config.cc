#include "gen/lambda/delete_function_event_invoke_config.h"

#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Lets a function, a version or an alias do with asynchronous events what all do by default.
Task<Result<DeleteFunctionEventInvokeConfigOutput>> delete_function_event_invoke_config(Lambda& lambda, Call& call,
                                                                                        DeleteFunctionEventInvokeConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  co_await lambda.event_invoke_settings().erase(name);
  co_return DeleteFunctionEventInvokeConfigOutput();
}

}  // namespace outcrop::lambda
