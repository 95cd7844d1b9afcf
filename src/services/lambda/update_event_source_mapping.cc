#include "gen/lambda/update_event_source_mapping.h"

#include "services/lambda/lambda.h"
#include "services/lambda/mapping/check_target.h"
#include "services/lambda/mapping/parameters.h"
#include "services/lambda/mapping/shown_mapping.h"

namespace outcrop::lambda {

namespace {

std::string_view state_on_the_way(bool was_enabled, bool is_enabled) {
  if (was_enabled == is_enabled) return "Updating";
  return is_enabled ? "Enabling" : "Disabling";
}

}  // namespace

// Changes what is given; the poller is replaced by one with the new settings.
Task<Result<UpdateEventSourceMappingOutput>> update_event_source_mapping(Lambda& lambda, Call& call, UpdateEventSourceMappingInput input) {
  Mapping before = co_await lambda.mappings().get(place_of(call), input.uuid);
  std::optional<FunctionName> function;
  if (input.function_name) function = co_await read_function_name(call, *input.function_name);
  const auto change = [&](MappingRecord& record) -> Result<void> {
    if (function) {
      record.function_name = function->name;
      record.qualifier = function->qualifier;
    }
    record.modified_at = call.world.clock.wall();
    return set_parameters(input, record);
  };
  Mapping wanted = before;
  co_await change(wanted.record);
  if (function || input.enabled.value_or(false)) co_await check_target(lambda, wanted);
  const Mapping mapping = co_await lambda.mappings().change(before.place, before.uuid, change);
  co_await lambda.pollers().follow(mapping.place, mapping.uuid);
  co_return shown_mapping<UpdateEventSourceMappingOutput>(mapping, state_on_the_way(before.record.is_enabled, mapping.record.is_enabled));
}

}  // namespace outcrop::lambda
