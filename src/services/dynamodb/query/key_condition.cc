#include "services/dynamodb/query/key_condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/dynamodb/expression/legacy.h"
#include "services/dynamodb/item/item_key.h"

namespace outcrop::dynamodb {

namespace {

using Operator = KeyCondition::Operator;

Fault key_condition_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// Collects the conditions that an expression joins with AND.
class KeyConditions {
 public:
  Result<void> add(const BoundCondition& condition) {
    switch (condition.kind) {
      case ConditionSyntax::Kind::and_:
        for (const BoundCondition& part : condition.conditions) {
          if (auto added = add(part); !added) return added;
        }
        return {};
      case ConditionSyntax::Kind::or_:
        return refuse_operator("OR");
      case ConditionSyntax::Kind::not_:
        return refuse_operator("NOT");
      case ConditionSyntax::Kind::in:
        return refuse_operator("IN");
      case ConditionSyntax::Kind::function:
        return add_function(condition.operands[0]);
      case ConditionSyntax::Kind::between:
        return add_between(condition);
      case ConditionSyntax::Kind::compare:
        break;
    }
    if (condition.comparator == Comparator::ne) return refuse_operator("<>");
    return add_comparison(condition);
  }

  std::vector<KeyTerm> found;

 private:
  static Result<void> refuse(std::string message) { return fail(key_condition_refused(std::move(message))); }
  static Result<void> refuse_operator(std::string_view op) {
    return refuse(fmt::format("Invalid operator used in KeyConditionExpression: {}", op));
  }

  Result<void> add_function(const Operand& call) {
    switch (call.function) {
      case Function::attribute_exists:
        return refuse_operator("attribute_exists");
      case Function::attribute_not_exists:
        return refuse_operator("attribute_not_exists");
      case Function::attribute_type:
        return refuse_operator("attribute_type");
      case Function::contains:
        return refuse_operator("contains");
      default:
        break;
    }
    if (call.arguments[0].kind != OperandSyntax::Kind::path)
      return refuse("Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand");
    return add_one(call.arguments[0], Operator::begins_with, {&call.arguments[1]});
  }

  Result<void> add_between(const BoundCondition& condition) {
    if (condition.operands[0].kind != OperandSyntax::Kind::path)
      return refuse("Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand");
    return add_one(condition.operands[0], Operator::between, {&condition.operands[1], &condition.operands[2]});
  }

  // ":v < a" is "a > :v".
  Result<void> add_comparison(const BoundCondition& condition) {
    constexpr std::array<Operator, 6> as_it_stands = {Operator::eq, Operator::eq, Operator::lt, Operator::le, Operator::gt, Operator::ge};
    constexpr std::array<Operator, 6> turned = {Operator::eq, Operator::eq, Operator::gt, Operator::ge, Operator::lt, Operator::le};
    const Operand &left = condition.operands[0], &right = condition.operands[1];
    if (left.kind == OperandSyntax::Kind::path) return add_one(left, as_it_stands[size_t(condition.comparator)], {&right});
    return add_one(right, turned[size_t(condition.comparator)], {&left});
  }

  Result<void> add_one(const Operand& attribute, Operator op, std::initializer_list<const Operand*> others) {
    std::vector<Value> values;
    for (const Operand* other : others) {
      if (other->kind == OperandSyntax::Kind::function) return refuse("KeyConditionExpressions cannot contain nested operations");
      if (other->kind == OperandSyntax::Kind::path && attribute.kind == OperandSyntax::Kind::path)
        return refuse("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
      if (other->value) values.push_back(*other->value);
    }
    if (attribute.kind == OperandSyntax::Kind::function) return refuse("KeyConditionExpressions cannot contain nested operations");
    if (attribute.kind != OperandSyntax::Kind::path)
      return refuse("Invalid condition in KeyConditionExpression: No key attribute specified");
    if (attribute.path.size() > 1) return refuse("KeyConditionExpressions cannot have conditions on nested attributes");
    const std::string name(attribute.path[0].name);
    if (std::ranges::find(found, name, &KeyTerm::name) != found.end())
      return refuse("KeyConditionExpressions must only contain one condition per key");
    found.push_back({name, op, std::move(values)});
    return {};
  }
};

Fault missed(std::string_view name) { return key_condition_refused(fmt::format("Query condition missed key schema element: {}", name)); }

Result<void> check_term(const KeySchemaOf& keys, const KeyAttribute& attribute, const KeyTerm& term) {
  for (const Value& value : term.values) {
    if (value.type() != attribute.type)
      return fail(key_condition_refused("One or more parameter values were invalid: Condition parameter type does not match schema type"));
    if (auto checked = check_key_value(keys, attribute, value); !checked) return checked;
  }
  return {};
}

Result<std::vector<KeyTerm>> checked_number(std::vector<KeyTerm>&& terms) {
  if (terms.empty() || terms.size() > 2) return fail(key_condition_refused("Conditions can be of length 1 or 2 only"));
  return std::move(terms);
}

// The end of what begins with `bytes`.
std::string end_of(const std::string& bytes) { return store::Range::prefix(bytes).end; }

}  // namespace

Result<std::vector<KeyTerm>> key_terms(const BoundCondition& expression) {
  KeyConditions conditions;
  if (auto added = conditions.add(expression); !added) return fail(std::move(added.error()));
  return checked_number(std::move(conditions.found));
}

Result<std::vector<KeyTerm>> key_terms(wire::Map<Condition>&& legacy) {
  constexpr std::array<std::string_view, 7> names = {"EQ", "LT", "LE", "GT", "GE", "BETWEEN", "BEGINS_WITH"};
  std::vector<KeyTerm> found;
  for (auto& [name, condition] : legacy) {
    const auto op = std::ranges::find(names, condition.comparison_operator);
    if (op == names.end())
      return fail(key_condition_refused(fmt::format("Attempted conditional constraint is not an indexable operation")));
    Result<std::vector<Value>> values =
        read_comparison(condition.comparison_operator, std::move(condition.attribute_value_list).value_or(std::vector<AttributeValue>()));
    if (!values) return fail(std::move(values.error()));
    found.push_back({name, Operator(op - names.begin()), std::move(*values)});
  }
  return checked_number(std::move(found));
}

Result<KeyCondition> key_condition(std::vector<KeyTerm>&& terms, const KeySchemaOf& keys) {
  const auto hash = std::ranges::find(terms, keys.hash.name, &KeyTerm::name);
  if (hash == terms.end()) return fail(missed(keys.hash.name));
  if (hash->op != Operator::eq) return fail(key_condition_refused("Query key condition not supported"));
  if (auto checked = check_term(keys, keys.hash, *hash); !checked) return fail(std::move(checked.error()));
  KeyCondition condition{.hash = hash->values[0], .range = {}};
  if (terms.size() == 1) return condition;
  if (!keys.range) return fail(key_condition_refused("Query key condition not supported"));
  const auto range = std::ranges::find(terms, keys.range->name, &KeyTerm::name);
  if (range == terms.end()) return fail(missed(keys.range->name));
  if (auto checked = check_term(keys, *keys.range, *range); !checked) return fail(std::move(checked.error()));
  if (range->op == Operator::begins_with && keys.range->type == Type::number)
    return fail(key_condition_refused(
        "One or more parameter values were invalid: ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"));
  condition.range = {range->op, std::move(range->values)};
  return condition;
}

// Keys of items end with the sort key; those of an index's entries go on with a digest.
store::Range range_of(const Table& table, const Index* index, const KeyCondition& condition) {
  const std::string partition = partition_prefix(table, index, condition.hash);
  store::Range range = store::Range::prefix(partition);
  if (!condition.range) return range;
  const std::string first = partition + sort_bytes(index, condition.range->values[0]);
  auto behind = [index](const std::string& key) { return index ? end_of(key) : store::key_after(key); };
  switch (condition.range->op) {
    case Operator::eq:
      return {first, behind(first)};
    case Operator::lt:
      return {range.begin, first};
    case Operator::le:
      return {range.begin, behind(first)};
    case Operator::gt:
      return {behind(first), range.end};
    case Operator::ge:
      return {first, range.end};
    case Operator::between:
      return {first, behind(partition + sort_bytes(index, condition.range->values[1]))};
    case Operator::begins_with:
      break;
  }
  // Without the end that a text has in an index's key.
  constexpr size_t terminator_bytes = 2;
  return store::Range::prefix(index ? first.substr(0, first.size() - terminator_bytes) : first);
}

}  // namespace outcrop::dynamodb
