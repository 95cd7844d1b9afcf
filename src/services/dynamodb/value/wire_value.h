// Values as they are on the wire, and what is checked of them when they come.
#pragma once
#include <string_view>

#include "gen/dynamodb/types.h"
#include "services/dynamodb/value/value.h"

namespace outcrop::dynamodb {

// Faults, each a ValidationException 400 in DynamoDB's words: none or several types, what is no number, empty sets, elements that come
// twice, a null that is false, too deep a nesting.
Result<Value> read_value(AttributeValue&& value);
Result<Attributes> read_attributes(wire::Map<AttributeValue>&& attributes);

AttributeValue write_value(Value&& value);
wire::Map<AttributeValue> write_attributes(Attributes&& attributes);

}  // namespace outcrop::dynamodb
