#include "gen/lambda/get_function_event_invoke_config.h"

#include "services/lambda/event_invoke/event_invoke_settings.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// What is said of what a function, a version or an alias does with asynchronous events.
Task<Result<GetFunctionEventInvokeConfigOutput>> get_function_event_invoke_config(Lambda& lambda, Call& call,
                                                                                  GetFunctionEventInvokeConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  const std::optional<EventInvokeRecord> record = co_await lambda.event_invoke_settings().find(name);
  if (!record) co_return fail(no_event_invoke_config(name));
  co_return describe_event_invoke<GetFunctionEventInvokeConfigOutput>(name, *record);
}

}  // namespace outcrop::lambda
