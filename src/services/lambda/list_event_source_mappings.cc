#include "gen/lambda/list_event_source_mappings.h"

#include <algorithm>

#include "base/encoding.h"
#include "gen/lambda/errors.h"
#include "services/lambda/lambda.h"
#include "services/lambda/mapping/limits.h"
#include "services/lambda/mapping/shown_mapping.h"

namespace outcrop::lambda {

namespace {

// The UUID of the last one before the page; empty without a marker.
Result<std::string> uuid_in_marker(const std::optional<std::string>& marker) {
  if (!marker) return std::string();
  std::optional<std::string> uuid = unbase64url(*marker);
  if (!uuid || uuid->empty()) return fail(invalid_parameter_value_exception("The pagination marker is not valid."));
  return std::move(*uuid);
}

}  // namespace

// The mappings of the caller's Region, by UUID; of one function, as it is named there, or one source where that is asked.
Task<Result<ListEventSourceMappingsOutput>> list_event_source_mappings(Lambda& lambda, Call& call, ListEventSourceMappingsInput input) {
  const std::string after = co_await uuid_in_marker(input.marker);
  std::optional<FunctionName> function;
  if (input.function_name) function = co_await read_function_name(call, *input.function_name);
  const auto wanted = [&](const Mapping& mapping) {
    if (input.event_source_arn && mapping.record.source_arn != *input.event_source_arn) return false;
    return !function || (mapping.record.function_name == function->name && mapping.record.qualifier == function->qualifier);
  };
  const size_t most = std::min(size_t(input.max_items.value_or(limits::mappings_page_max)), limits::mappings_page_max);
  // One more than the page holds tells whether there is another.
  std::vector<Mapping> mappings = co_await lambda.mappings().list(place_of(call), after, most + 1, wanted);
  ListEventSourceMappingsOutput output;
  if (mappings.size() > most) {
    mappings.pop_back();
    output.next_marker = base64url(mappings.back().uuid);
  }
  auto& shown = output.event_source_mappings.emplace();
  for (const Mapping& mapping : mappings)
    shown.push_back(shown_mapping<EventSourceMappingConfiguration>(mapping, lasting_state(mapping), lambda.pollers().problem_of(mapping)));
  co_return output;
}

}  // namespace outcrop::lambda
