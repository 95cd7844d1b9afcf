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
  FunctionEventInvokeConfig config = describe_event_invoke(name, *record);
  co_return GetFunctionEventInvokeConfigOutput{.last_modified = config.last_modified,
                                               .function_arn = std::move(config.function_arn),
                                               .maximum_retry_attempts = config.maximum_retry_attempts,
                                               .maximum_event_age_in_seconds = config.maximum_event_age_in_seconds,
                                               .destination_config = std::move(config.destination_config)};
}

}  // namespace outcrop::lambda
