#include "gen/lambda/list_function_event_invoke_configs.h"

#include "services/lambda/account/page.h"
#include "services/lambda/event_invoke/event_invoke_settings.h"
#include "services/lambda/lambda.h"

namespace outcrop::lambda {

// All that is said of what a function, its versions and aliases do with asynchronous events.
Task<Result<ListFunctionEventInvokeConfigsOutput>> list_function_event_invoke_configs(Lambda& lambda, Call& call,
                                                                                      ListFunctionEventInvokeConfigsInput input) {
  const FunctionName function = co_await read_function_name(call, input.function_name);
  const std::string after = co_await read_marker(input.marker);
  const size_t most = page_size(input.max_items);
  auto stored = co_await lambda.event_invoke_settings().list(function, after, most + 1);
  ListFunctionEventInvokeConfigsOutput output;
  output.next_marker = cut_to_page(stored, most, &EventInvokeSettings::Stored::qualifier);
  output.function_event_invoke_configs.emplace();
  for (const EventInvokeSettings::Stored& each : stored)
    output.function_event_invoke_configs->push_back(
        describe_event_invoke<FunctionEventInvokeConfig>({function.place, function.name, each.qualifier}, each.record));
  co_return output;
}

}  // namespace outcrop::lambda
