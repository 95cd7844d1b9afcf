// KeyCondition: which items of a partition a query asks for.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gen/dynamodb/types.h"
#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/table/schema.h"
#include "services/dynamodb/value/value.h"
#include "store/store.h"

namespace outcrop::dynamodb {

struct KeyCondition {
  enum class Operator : uint8_t { eq, lt, le, gt, ge, between, begins_with };
  struct OfRange {
    Operator op;
    std::vector<Value> values;  // two of between, else one
  };

  Value hash;
  std::optional<OfRange> range;
};

// What a KeyConditionExpression, or the legacy KeyConditions, ask for. Faults, each a ValidationException 400 in DynamoDB's words:
// operators that keys do not have, several conditions of one key, keys that are missing or of another type.
Result<KeyCondition> key_condition(const BoundCondition& expression, const KeySchemaOf& keys);
Result<KeyCondition> key_condition(wire::Map<Condition>&& legacy, const KeySchemaOf& keys);

// The keys in the store of what it asks for.
store::Range range_of(const Table& table, const Index* index, const KeyCondition& condition);

}  // namespace outcrop::dynamodb
