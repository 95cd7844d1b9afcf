#include "gen/lambda/get_event_source_mapping.h"

#include "services/lambda/lambda.h"
#include "services/lambda/mapping/shown_mapping.h"

namespace outcrop::lambda {

Task<Result<GetEventSourceMappingOutput>> get_event_source_mapping(Lambda& lambda, Call& call, GetEventSourceMappingInput input) {
  const Mapping mapping = co_await lambda.mappings().get(place_of(call), input.uuid);
  co_return shown_mapping<GetEventSourceMappingOutput>(mapping, lasting_state(mapping), lambda.pollers().problem_of(mapping));
}

}  // namespace outcrop::lambda
