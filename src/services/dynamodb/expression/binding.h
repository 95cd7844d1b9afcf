// From what an expression says to what it means: placeholders are looked up, functions and operands checked. Faults, each a
// ValidationException 400 without "Invalid …Expression: " before it; of several the one that DynamoDB tells first.
#pragma once
#include "base/result.h"
#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/expression/placeholders.h"

namespace outcrop::dynamodb {

Result<BoundCondition> bind(const ConditionExpression& syntax, Placeholders& placeholders);
Result<BoundUpdate> bind(const UpdateExpression& syntax, Placeholders& placeholders);
Result<BoundProjection> bind(const ProjectionExpression& syntax, Placeholders& placeholders);

}  // namespace outcrop::dynamodb
