// What the filter of a query may not ask for.
#pragma once
#include <string_view>

#include "services/dynamodb/query/page.h"

namespace outcrop::dynamodb {

// Filters are of attributes that are no keys. `parameter`: which one it is, for the message. Fault: ValidationException 400.
Result<void> check_filter_keys(const BoundCondition& filter, const KeySchemaOf& keys, std::string_view parameter);

}  // namespace outcrop::dynamodb
