// Parses expressions. Faults, each a ValidationException 400 without the "Invalid …Expression: " before it: what is empty, too long, has
// too many operators, or is no expression.
#pragma once
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/expression/syntax.h"

namespace outcrop::dynamodb {

Result<ConditionExpression> parse_condition(std::string_view expression);
Result<UpdateExpression> parse_update(std::string_view expression);
Result<ProjectionExpression> parse_projection(std::string_view expression);

}  // namespace outcrop::dynamodb
