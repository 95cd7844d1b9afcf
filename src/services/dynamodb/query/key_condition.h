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

// The condition of one attribute, before it is known which are keys.
struct KeyTerm {
  std::string name;
  KeyCondition::Operator op;
  std::vector<Value> values;
};

// What a KeyConditionExpression, or the legacy KeyConditions, say. Faults, each a ValidationException 400 in DynamoDB's words: operators
// that keys do not have, several conditions of one key, more than two.
Result<std::vector<KeyTerm>> key_terms(const BoundCondition& expression);
Result<std::vector<KeyTerm>> key_terms(wire::Map<Condition>&& legacy);

// What they ask for of these keys. Faults as well: keys that are missing, of another type, empty or too long.
Result<KeyCondition> key_condition(std::vector<KeyTerm>&& terms, const KeySchemaOf& keys);

// The keys in the store of what it asks for.
store::Range range_of(const Table& table, const Index* index, const KeyCondition& condition);

}  // namespace outcrop::dynamodb
