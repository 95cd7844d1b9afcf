#include "services/dynamodb/expression/legacy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/dynamodb/expression/request_expressions.h"
#include "services/dynamodb/value/wire_value.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view legacy_invalid = "One or more parameter values were invalid: ";

Fault legacy_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }
Fault legacy_value_refused(std::string message) { return legacy_refused(std::string(legacy_invalid) + message); }

// How many values a comparison takes, and of which types: a bit for each.
struct LegacyComparison {
  std::string_view name;
  size_t values_min, values_max;
  unsigned types;
};
constexpr unsigned bit(Type type) { return 1u << unsigned(type); }
constexpr unsigned scalar_types = bit(Type::string) | bit(Type::number) | bit(Type::binary);
constexpr unsigned every_type = ~0u;
constexpr std::array<LegacyComparison, 13> legacy_comparisons = {{{"EQ", 1, 1, every_type},
                                                                  {"NE", 1, 1, every_type},
                                                                  {"LE", 1, 1, scalar_types},
                                                                  {"LT", 1, 1, scalar_types},
                                                                  {"GE", 1, 1, scalar_types},
                                                                  {"GT", 1, 1, scalar_types},
                                                                  {"NOT_NULL", 0, 0, 0},
                                                                  {"NULL", 0, 0, 0},
                                                                  {"CONTAINS", 1, 1, scalar_types},
                                                                  {"NOT_CONTAINS", 1, 1, scalar_types},
                                                                  {"BEGINS_WITH", 1, 1, bit(Type::string) | bit(Type::binary)},
                                                                  {"IN", 1, 100, scalar_types},
                                                                  {"BETWEEN", 2, 2, scalar_types}}};

// A comparison of an attribute as the condition of an expression has it.
BoundCondition condition_of(RequestExpressions& keeper, const std::string& name, std::string_view comparison, std::vector<Value>&& values) {
  using Kind = ConditionSyntax::Kind;
  const Operand attribute{.kind = OperandSyntax::Kind::path, .path = {Step{.name = keeper.keep(name)}}};
  std::vector<Operand> operands = {attribute};
  for (Value& value : values) operands.push_back({.kind = OperandSyntax::Kind::value, .value = keeper.keep(std::move(value))});
  auto function = [&](Function function) {
    Operand call{.kind = OperandSyntax::Kind::function, .function = function, .arguments = operands};
    return BoundCondition{.kind = Kind::function, .operands = {std::move(call)}};
  };
  if (comparison == "NULL") return function(Function::attribute_not_exists);
  if (comparison == "NOT_NULL") return function(Function::attribute_exists);
  if (comparison == "BEGINS_WITH") return function(Function::begins_with);
  if (comparison == "CONTAINS") return function(Function::contains);
  if (comparison == "NOT_CONTAINS") return {.kind = Kind::not_, .conditions = {function(Function::contains)}};
  if (comparison == "IN") return {.kind = Kind::in, .operands = std::move(operands)};
  if (comparison == "BETWEEN") return {.kind = Kind::between, .operands = std::move(operands)};
  constexpr std::array<std::string_view, 6> names = {"EQ", "NE", "LT", "LE", "GT", "GE"};
  const auto comparator = Comparator(std::ranges::find(names, comparison) - names.begin());
  return {.kind = Kind::compare, .comparator = comparator, .operands = std::move(operands)};
}

BoundCondition joined(std::vector<BoundCondition>&& conditions, const std::optional<std::string>& conditional_operator) {
  const bool is_or = conditional_operator == "OR";
  return {.kind = is_or ? ConditionSyntax::Kind::or_ : ConditionSyntax::Kind::and_, .conditions = std::move(conditions)};
}

// Expected of one attribute: a comparison, or the older pair of Value and Exists.
Result<void> check_expected(const std::string& name, const ExpectedAttributeValue& expected) {
  if (expected.attribute_value_list && expected.value)
    return fail(legacy_value_refused("Value and AttributeValueList cannot be used together for Attribute: " + name));
  if (expected.comparison_operator) {
    if (expected.exists) return fail(legacy_value_refused("Exists and ComparisonOperator cannot be used together for Attribute: " + name));
    const bool needs_value = *expected.comparison_operator != "NULL" && *expected.comparison_operator != "NOT_NULL";
    if (needs_value && !expected.attribute_value_list && !expected.value)
      return fail(legacy_value_refused(fmt::format("Value or AttributeValueList must be used with ComparisonOperator: {} for Attribute: {}",
                                                   *expected.comparison_operator, name)));
    return {};
  }
  if (expected.attribute_value_list)
    return fail(legacy_value_refused("AttributeValueList can only be used with a ComparisonOperator for Attribute: " + name));
  const bool exists = expected.exists.value_or(true);
  if (exists && !expected.value)
    return fail(legacy_value_refused(fmt::format("Value must be provided when Exists is {} for Attribute: {}",
                                                 expected.exists ? (*expected.exists ? "true" : "false") : "null", name)));
  if (!exists && expected.value) return fail(legacy_value_refused("Value cannot be used when Exists is false for Attribute: " + name));
  return {};
}

std::vector<AttributeValue> values_of(ExpectedAttributeValue& expected) {
  std::vector<AttributeValue> values;
  if (expected.attribute_value_list) values = std::move(*expected.attribute_value_list);
  if (expected.value) values.push_back(std::move(*expected.value));
  return values;
}

}  // namespace

Result<std::vector<Value>> read_comparison(std::string_view comparison, std::vector<AttributeValue>&& values) {
  std::vector<Value> read;
  for (AttributeValue& value : values) {
    Result<Value> one = read_value(std::move(value));
    if (!one) return fail(std::move(one.error()));
    read.push_back(std::move(*one));
  }
  const auto known = std::ranges::find(legacy_comparisons, comparison, &LegacyComparison::name);
  if (known == legacy_comparisons.end()) return fail(legacy_value_refused(fmt::format("{} is no ComparisonOperator", comparison)));
  if (read.size() < known->values_min || read.size() > known->values_max)
    return fail(legacy_value_refused(fmt::format("Invalid number of argument(s) for the {} ComparisonOperator", comparison)));
  for (const Value& value : read) {
    if (value.type() != read[0].type()) return fail(legacy_value_refused("AttributeValues inside AttributeValueList must be of same type"));
    if (!(known->types & bit(value.type())))
      return fail(legacy_value_refused(
          fmt::format("ComparisonOperator {} is not valid for {} AttributeValue type", comparison, type_name(value.type()))));
  }
  if (comparison == "BETWEEN" && std::is_gt(compare(read[0], read[1]).value_or(std::strong_ordering::equal)))
    return fail(legacy_refused("The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"));
  return read;
}

Result<void> RequestExpressions::use_expected(wire::Map<ExpectedAttributeValue>&& expected,
                                              const std::optional<std::string>& conditional_operator) {
  std::vector<BoundCondition> conditions;
  for (auto& [name, one] : expected) {
    if (auto checked = check_expected(name, one); !checked) return checked;
    const std::string comparison = one.comparison_operator.value_or(one.exists.value_or(true) ? "EQ" : "NULL");
    Result<std::vector<Value>> values = read_comparison(comparison, values_of(one));
    if (!values) return fail(std::move(values.error()));
    conditions.push_back(condition_of(*this, name, comparison, std::move(*values)));
  }
  condition = joined(std::move(conditions), conditional_operator);
  return {};
}

Result<void> RequestExpressions::use_filter(wire::Map<Condition>&& legacy, const std::optional<std::string>& conditional_operator) {
  std::vector<BoundCondition> conditions;
  for (auto& [name, one] : legacy) {
    Result<std::vector<Value>> values =
        read_comparison(one.comparison_operator, std::move(one.attribute_value_list).value_or(std::vector<AttributeValue>()));
    if (!values) return fail(std::move(values.error()));
    conditions.push_back(condition_of(*this, name, one.comparison_operator, std::move(*values)));
  }
  filter = joined(std::move(conditions), conditional_operator);
  return {};
}

Result<void> RequestExpressions::use_updates(wire::Map<AttributeValueUpdate>&& updates) {
  BoundUpdate made;
  for (auto& [name, one] : updates) {
    const std::string action = one.action.value_or("PUT");
    if (!one.value && action != "DELETE")
      return fail(legacy_value_refused(fmt::format("Only DELETE action is allowed when no attribute value is specified")));
    BoundUpdate::Action bound{.kind = UpdateAction::Kind::remove, .path = {Step{.name = keep(name)}}};
    if (one.value) {
      Result<Value> value = read_value(std::move(*one.value));
      if (!value) return fail(std::move(value.error()));
      const bool is_for_delete = value->is_set(),
                 is_for_add = is_for_delete || value->type() == Type::number || value->type() == Type::list;
      if (action == "DELETE" && !is_for_delete)
        return fail(
            legacy_value_refused(fmt::format("DELETE action with value is not supported for the type {}", type_name(value->type()))));
      if (action == "ADD" && !is_for_add)
        return fail(legacy_value_refused(fmt::format("ADD action is not supported for the type {}", type_name(value->type()))));
      bound.kind = action == "PUT" ? UpdateAction::Kind::set : action == "ADD" ? UpdateAction::Kind::add : UpdateAction::Kind::delete_;
      bound.value = {.kind = OperandSyntax::Kind::value, .value = keep(std::move(*value))};
    }
    made.actions.push_back(std::move(bound));
  }
  update = std::move(made);
  return {};
}

Result<void> RequestExpressions::use_attributes(std::vector<std::string>&& names) {
  BoundProjection paths;
  for (std::string& name : names) {
    const std::string& kept = keep(std::move(name));
    if (std::ranges::any_of(paths, [&](const Path& path) { return path[0].name == kept; }))
      return fail(legacy_value_refused("Duplicate value in attribute name: " + kept));
    paths.push_back({Step{.name = kept}});
  }
  projection = std::move(paths);
  return {};
}

}  // namespace outcrop::dynamodb
