// The parameters of CreateEventSourceMapping and UpdateEventSourceMapping: checked as AWS does, and what they make of a mapping.
#pragma once
#include "gen/lambda/create_event_source_mapping.h"
#include "gen/lambda/update_event_source_mapping.h"
#include "gen/records/lambda.h"
#include "services/lambda/mapping/event_source.h"

namespace outcrop::lambda {

// What can be said of the parameters before anything is looked up. Faults: InvalidParameterValueException 400.
Result<SourceKind> check_source(const CreateEventSourceMappingInput& input);

// InvalidParameterValueException 400, which names the kind: only queues are read.
Fault source_not_built(SourceKind kind, const CreateEventSourceMappingInput& input);

// Settings of a mapping that reads a queue; what is not given stays as it is. Faults: InvalidParameterValueException 400.
Result<void> set_parameters(const CreateEventSourceMappingInput& input, MappingRecord& record);
Result<void> set_parameters(const UpdateEventSourceMappingInput& input, MappingRecord& record);

}  // namespace outcrop::lambda
