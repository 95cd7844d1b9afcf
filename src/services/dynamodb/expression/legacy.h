// Comparisons of the legacy parameters ("EQ", "BETWEEN"): Expected, QueryFilter, ScanFilter and KeyConditions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/dynamodb/types.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

// Reads the values of a comparison. Faults, each a ValidationException 400 in DynamoDB's words: a wrong number of them, several types,
// types that the operator does not take, a range upside down. `name`: of the attribute.
Result<std::vector<Value>> read_comparison(std::string_view comparison, std::vector<AttributeValue>&& values);

}  // namespace outcrop::dynamodb
