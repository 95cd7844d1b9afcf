#include "gen/lambda/delete_event_source_mapping.h"

#include "services/lambda/lambda.h"
#include "services/lambda/mapping/shown_mapping.h"

namespace outcrop::lambda {

// Messages that were received already are still processed.
Task<Result<DeleteEventSourceMappingOutput>> delete_event_source_mapping(Lambda& lambda, Call& call, DeleteEventSourceMappingInput input) {
  const Mapping mapping = co_await lambda.mappings().erase(place_of(call), input.uuid);
  co_await lambda.pollers().follow(mapping.place, mapping.uuid);
  co_return shown_mapping<DeleteEventSourceMappingOutput>(mapping, "Deleting");
}

}  // namespace outcrop::lambda
