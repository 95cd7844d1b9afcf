// What a mapping joins, looked at before it is stored.
#pragma once
#include "core/call.h"
#include "services/lambda/lambda.h"
#include "services/lambda/mapping/mappings.h"

namespace outcrop::lambda {

// Faults with InvalidParameterValueException 400 unless the function exists.
Task<Result<void>> check_function(Lambda& lambda, const FunctionName& function);

// The same unless, beyond that, the queue exists, the function's role may receive from it, and messages stay hidden for as long as the
// function may take.
Task<Result<void>> check_target(Lambda& lambda, const Mapping& mapping);

}  // namespace outcrop::lambda
