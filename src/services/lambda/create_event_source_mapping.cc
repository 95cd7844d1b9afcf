#include "gen/lambda/create_event_source_mapping.h"

#include "services/lambda/lambda.h"
#include "services/lambda/mapping/check_target.h"
#include "services/lambda/mapping/limits.h"
#include "services/lambda/mapping/parameters.h"
#include "services/lambda/mapping/shown_mapping.h"

namespace outcrop::lambda {

// Has a function get the messages of a queue from now on.
Task<Result<CreateEventSourceMappingOutput>> create_event_source_mapping(Lambda& lambda, Call& call, CreateEventSourceMappingInput input) {
  const SourceKind kind = co_await check_source(input);
  const FunctionName function = co_await read_function_name(call, input.function_name);
  if (kind != SourceKind::queue) {
    co_await check_function(lambda, function);
    co_return fail(source_not_built(kind, input));
  }
  MappingRecord record;
  record.source_arn = *input.event_source_arn;
  record.function_name = function.name;
  record.qualifier = function.qualifier;
  record.is_enabled = true;
  record.batch_size = limits::mapping_batch_size_default;
  record.modified_at = call.world.clock.wall();
  co_await set_parameters(input, record);
  co_await check_target(lambda, {function.place, {}, record});
  const Mapping mapping = co_await lambda.mappings().create(function.place, std::move(record));
  co_await lambda.pollers().follow(mapping.place, mapping.uuid);
  co_return shown_mapping<CreateEventSourceMappingOutput>(mapping, mapping.record.is_enabled ? "Creating" : "Disabled");
}

}  // namespace outcrop::lambda
