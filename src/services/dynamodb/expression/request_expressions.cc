#include "services/dynamodb/expression/request_expressions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "services/dynamodb/expression/binding.h"

namespace outcrop::dynamodb {

namespace {

Fault parameters_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

std::vector<std::string_view> given_names(std::span<const Given> parameters) {
  std::vector<std::string_view> names;
  for (const Given& parameter : parameters) {
    if (parameter.is_given) names.push_back(parameter.name);
  }
  return names;
}

Fault in_expression(std::string_view name, Fault fault) {
  fault.message = fmt::format("Invalid {}: {}", name, fault.message);
  return fault;
}

}  // namespace

Result<void> check_parameters(std::span<const Given> expressions, std::span<const Given> legacy, bool has_names, bool has_values) {
  const std::vector<std::string_view> used = given_names(expressions), old = given_names(legacy);
  if (!used.empty() && !old.empty())
    return fail(
        parameters_refused(fmt::format("Can not use both expression and non-expression parameters in the same request: Non-expression "
                                       "parameters: {{{}}} Expression parameters: {{{}}}",
                                       fmt::join(old, ", "), fmt::join(used, ", "))));
  if (has_names && used.empty()) return fail(parameters_refused("ExpressionAttributeNames can only be specified when using expressions"));
  std::vector<std::string_view> takers;
  bool is_taken = false;
  for (const Given& parameter : expressions) {
    if (parameter.name == "ProjectionExpression") continue;
    takers.push_back(parameter.name);
    is_taken |= parameter.is_given;
  }
  if (!has_values || is_taken || takers.empty()) return {};
  return fail(parameters_refused(fmt::format("ExpressionAttributeValues can only be specified when using expressions: {} {} null",
                                             fmt::join(takers, " and "), takers.size() > 1 ? "are" : "is")));
}

const std::string& RequestExpressions::keep(std::string name) {
  return *names_.emplace_back(std::make_unique<std::string>(std::move(name)));
}

const Value* RequestExpressions::keep(Value value) { return values_.emplace_back(std::make_unique<Value>(std::move(value))).get(); }

Result<RequestExpressions> RequestExpressions::read(ParsedExpressions& parsed, Texts texts) {
  RequestExpressions read;
  Result<Placeholders> placeholders = Placeholders::read(std::move(texts.names), std::move(texts.values));
  if (!placeholders) return fail(std::move(placeholders.error()));
  *read.placeholders_ = std::move(*placeholders);
  std::optional<Fault> fault;
  auto take = [&](std::string_view name, const std::optional<std::string>& text, auto parse, auto& bound) {
    if (!text || fault) return;
    auto syntax = parse(*text);
    if (!syntax) {
      fault = in_expression(name, std::move(syntax.error()));
      return;
    }
    auto made = bind(**syntax, *read.placeholders_);
    read.syntax_.push_back(std::move(*syntax));
    if (made)
      bound = std::move(*made);
    else
      fault = in_expression(name, std::move(made.error()));
  };
  auto parse_condition = [&](std::string_view text) { return parsed.condition(text); };
  take("UpdateExpression", texts.update, [&](std::string_view text) { return parsed.update(text); }, read.update);
  take("ConditionExpression", texts.condition, parse_condition, read.condition);
  take("KeyConditionExpression", texts.key_condition, parse_condition, read.key_condition);
  take("FilterExpression", texts.filter, parse_condition, read.filter);
  take("ProjectionExpression", texts.projection, [&](std::string_view text) { return parsed.projection(text); }, read.projection);
  if (fault) return fail(std::move(*fault));
  if (auto checked = read.placeholders_->check_all_used(); !checked) return fail(std::move(checked.error()));
  return read;
}

}  // namespace outcrop::dynamodb
