#include "gen/lambda/put_function_event_invoke_config.h"

#include "services/lambda/event_invoke/event_invoke_settings.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Says anew what a function, a version or an alias does with asynchronous events. What is not said has its default.
Task<Result<PutFunctionEventInvokeConfigOutput>> put_function_event_invoke_config(Lambda& lambda, Call& call,
                                                                                  PutFunctionEventInvokeConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  const EventInvokeRequest request{input.maximum_retry_attempts, input.maximum_event_age_in_seconds, std::move(input.destination_config)};
  co_await check_event_invoke_request(request);
  const Instant now = call.world.clock.wall();
  const EventInvokeRecord stored = co_await lambda.event_invoke_settings().change(
      name, [&](const std::optional<EventInvokeRecord>&) -> Result<EventInvokeRecord> { return changed_event_invoke(request, now, {}); });
  co_return describe_event_invoke<PutFunctionEventInvokeConfigOutput>(name, stored);
}

}  // namespace outcrop::lambda
