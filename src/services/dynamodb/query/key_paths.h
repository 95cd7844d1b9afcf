// Keys are scalars: no path leads into one. Fault: ValidationException 400.
#pragma once
#include "base/result.h"
#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/table/schema.h"

namespace outcrop::dynamodb {

// Null: nothing to check.
Result<void> check_key_paths(const Table& table, const BoundProjection* projection);
Result<void> check_key_paths(const Table& table, const BoundCondition* filter);

}  // namespace outcrop::dynamodb
