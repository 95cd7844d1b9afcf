// RequestExpressions: the expressions of one request, or the legacy parameters in their place, ready to be evaluated.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gen/dynamodb/types.h"
#include "services/dynamodb/expression/expression.h"
#include "services/dynamodb/expression/parsed_expressions.h"
#include "services/dynamodb/expression/placeholders.h"

namespace outcrop::dynamodb {

// Whether a parameter of that name is there: for what may not stand together.
struct Given {
  std::string_view name;  // "ConditionExpression"
  bool is_given;
};

// Expression and legacy parameters are not mixed, and placeholders need an expression. `expressions` that are no projections name, in
// order, those that values are for. Fault: ValidationException 400.
Result<void> check_parameters(std::span<const Given> expressions, std::span<const Given> legacy, bool has_names, bool has_values);

class RequestExpressions {
 public:
  struct Texts {
    std::optional<std::string> update = {}, condition = {}, key_condition = {}, filter = {}, projection = {};
    Placeholders::Names names = {};
    Placeholders::Values values = {};
  };

  // Faults, each a ValidationException 400 in DynamoDB's words ("Invalid UpdateExpression: …").
  static Result<RequestExpressions> read(ParsedExpressions& parsed, Texts texts);

  std::optional<BoundUpdate> update;
  std::optional<BoundCondition> condition, key_condition, filter;
  std::optional<BoundProjection> projection;

  // Legacy parameters, in place of the expressions; each a ValidationException 400 when it is malformed.
  Result<void> use_expected(wire::Map<ExpectedAttributeValue>&& expected, const std::optional<std::string>& conditional_operator);
  Result<void> use_filter(wire::Map<Condition>&& filter, const std::optional<std::string>& conditional_operator);
  Result<void> use_updates(wire::Map<AttributeValueUpdate>&& updates);
  Result<void> use_attributes(std::vector<std::string>&& names);

  // Kept for what views into it.
  const std::string& keep(std::string name);
  const Value* keep(Value value);

 private:
  std::unique_ptr<Placeholders> placeholders_ = std::make_unique<Placeholders>();
  std::vector<std::shared_ptr<const void>> syntax_;
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<std::unique_ptr<Value>> values_;
};

// What PutItem and DeleteItem have for a condition; before anything else of them is looked at.
template <class Input>
Result<void> check_condition_parameters(const Input& input) {
  const std::array<Given, 1> expressions = {{{"ConditionExpression", input.condition_expression.has_value()}}};
  const std::array<Given, 2> legacy = {
      {{"Expected", input.expected.has_value()}, {"ConditionalOperator", input.conditional_operator.has_value()}}};
  return check_parameters(expressions, legacy, input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
}

// Their condition, or Expected in its place.
template <class Input>
Result<RequestExpressions> read_write_condition(ParsedExpressions& parsed, Input& input) {
  Result<RequestExpressions> read = RequestExpressions::read(parsed, {.condition = std::move(input.condition_expression),
                                                                      .names = std::move(input.expression_attribute_names),
                                                                      .values = std::move(input.expression_attribute_values)});
  if (!read || !input.expected) return read;
  if (auto used = read->use_expected(std::move(*input.expected), input.conditional_operator); !used) return fail(std::move(used.error()));
  return read;
}

}  // namespace outcrop::dynamodb
