#include "gen/lambda/update_function_event_invoke_config.h"

#include "services/lambda/event_invoke/event_invoke_settings.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// Changes what is said of what it does with asynchronous events; what is not said stays.
Task<Result<UpdateFunctionEventInvokeConfigOutput>> update_function_event_invoke_config(Lambda& lambda, Call& call,
                                                                                        UpdateFunctionEventInvokeConfigInput input) {
  const FunctionName name = co_await read_function_name(call, input.function_name, input.qualifier);
  const EventInvokeRequest request{input.maximum_retry_attempts, input.maximum_event_age_in_seconds, std::move(input.destination_config)};
  co_await check_event_invoke_request(request);
  const Instant now = call.world.clock.wall();
  const EventInvokeRecord stored = co_await lambda.event_invoke_settings().change(
      name, [&](const std::optional<EventInvokeRecord>& existing) -> Result<EventInvokeRecord> {
        if (!existing) return fail(no_event_invoke_config(name));
        return changed_event_invoke(request, now, *existing);
      });
  co_return describe_event_invoke<UpdateFunctionEventInvokeConfigOutput>(name, stored);
}

}  // namespace outcrop::lambda
