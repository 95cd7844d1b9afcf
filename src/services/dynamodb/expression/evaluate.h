// What expressions give for an item.
#pragma once
#include "base/result.h"
#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

// What a path leads to in an item, or null.
const Value* find(const Attributes& item, const Path& path);

bool holds(const BoundCondition& condition, const Attributes& item);

// The parts of an item that paths lead to, at their places in maps; elements of lists in order, without gaps.
Attributes project(const Attributes& item, const BoundProjection& paths);

// `item` as the update makes it; what actions read is the item as it was. Faults, each a ValidationException 400 in DynamoDB's words: a
// path that leads nowhere, an attribute that is not there, an operand of a wrong type, a sum that is no number of DynamoDB's.
Result<Attributes> updated(const Attributes& item, const BoundUpdate& update);

}  // namespace outcrop::dynamodb
