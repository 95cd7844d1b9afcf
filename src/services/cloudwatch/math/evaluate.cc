#include "services/cloudwatch/math/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace outcrop::cloudwatch {
namespace {

using Operator = std::optional<double> (*)(double, double);

std::optional<double> finite(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

struct NamedOperator {
  std::string_view name;
  Operator apply;
};
constexpr NamedOperator operators[] = {
    {"+", [](double a, double b) { return finite(a + b); }},
    {"-", [](double a, double b) { return finite(a - b); }},
    {"*", [](double a, double b) { return finite(a * b); }},
    {"/", [](double a, double b) { return b == 0 ? std::nullopt : finite(a / b); }},
    {"^", [](double a, double b) { return finite(std::pow(a, b)); }},
    {"==", [](double a, double b) { return std::optional<double>(a == b); }},
    {"!=", [](double a, double b) { return std::optional<double>(a != b); }},
    {"<", [](double a, double b) { return std::optional<double>(a < b); }},
    {">", [](double a, double b) { return std::optional<double>(a > b); }},
    {"<=", [](double a, double b) { return std::optional<double>(a <= b); }},
    {">=", [](double a, double b) { return std::optional<double>(a >= b); }},
    {"AND", [](double a, double b) { return std::optional<double>(a != 0 && b != 0); }},
    {"OR", [](double a, double b) { return std::optional<double>(a != 0 || b != 0); }},
};

Series combine(const Series& a, const Series& b, Operator apply) {
  Series combined{a.label, std::max(a.period_s, b.period_s), {}};
  auto left = a.points.begin(), right = b.points.begin();
  while (left != a.points.end() || right != b.points.end()) {
    const bool has_left = left != a.points.end() && (right == b.points.end() || left->time_s <= right->time_s);
    const bool has_right = right != b.points.end() && (left == a.points.end() || right->time_s <= left->time_s);
    const int64_t time_s = has_left ? left->time_s : right->time_s;
    if (auto value = apply(has_left ? left->value : 0, has_right ? right->value : 0)) combined.points.push_back({time_s, *value});
    if (has_left) ++left;
    if (has_right) ++right;
  }
  return combined;
}

Result<MathValue> operate(const MathValue& a, const MathValue& b, std::string_view name, Operator apply) {
  if (auto* left = std::get_if<SeriesArray>(&a)) {
    if (std::holds_alternative<SeriesArray>(b))
      return fail(math_fault(fmt::format("The operator {} cannot be used with two arrays", name)));
    SeriesArray results;
    for (const Series& series : *left) {
      auto result = operate(series, b, name, apply);
      if (!result) return result;
      results.push_back(std::get<Series>(std::move(*result)));
      results.back().label = series.label;
    }
    return results;
  }
  if (auto* right = std::get_if<SeriesArray>(&b)) {
    SeriesArray results;
    for (const Series& series : *right) {
      auto result = operate(a, series, name, apply);
      if (!result) return result;
      results.push_back(std::get<Series>(std::move(*result)));
      results.back().label = series.label;
    }
    return results;
  }
  auto* left = std::get_if<double>(&a);
  auto* right = std::get_if<double>(&b);
  if (left && right) {
    auto value = apply(*left, *right);
    if (!value) return fail(math_fault(fmt::format("The operator {} has no result for these numbers", name)));
    return *value;
  }
  if (left) return map_points(std::get<Series>(b), [&](double value) { return apply(*left, value); });
  if (right) return map_points(std::get<Series>(a), [&](double value) { return apply(value, *right); });
  return combine(std::get<Series>(a), std::get<Series>(b), apply);
}

Result<MathValue> negate(MathValue value) {
  return operate(0.0, value, "-", [](double, double b) { return std::optional(-b); });
}

Result<MathValue> list_of(const Expression& list, const MathScope& scope) {
  SeriesArray array;
  for (const Expression& element : list.operands) {
    auto value = evaluate(element, scope);
    if (!value) return value;
    if (std::holds_alternative<double>(*value)) return fail(math_fault("The elements of an array must be time series"));
    if (auto* series = std::get_if<Series>(&*value))
      array.push_back(std::move(*series));
    else
      std::ranges::move(std::get<SeriesArray>(*value), std::back_inserter(array));
  }
  return array;
}

Result<MathValue> operation(const Expression& expression, const MathScope& scope) {
  auto left = evaluate(expression.operands[0], scope);
  if (!left) return left;
  auto right = evaluate(expression.operands[1], scope);
  if (!right) return right;
  const auto* found = std::ranges::find(operators, std::string_view(expression.name), &NamedOperator::name);
  return operate(*left, *right, found->name, found->apply);
}

}  // namespace

namespace {

Result<MathValue> value_of(const Expression& expression, const MathScope& scope) {
  switch (expression.kind) {
    case Expression::Kind::number:
      return expression.number;
    case Expression::Kind::id: {
      const MathValue* found = scope.find ? scope.find(expression.name) : nullptr;
      if (!found) return fail(math_fault(fmt::format("The id {} is not found", expression.name)));
      return *found;
    }
    case Expression::Kind::call:
      return call_function(expression, scope);
    case Expression::Kind::list:
      return list_of(expression, scope);
    case Expression::Kind::negation: {
      auto value = evaluate(expression.operands[0], scope);
      if (!value) return value;
      return negate(std::move(*value));
    }
    case Expression::Kind::operation:
      return operation(expression, scope);
    default:
      return fail(math_fault(fmt::format("Unexpected '{}'", expression.name)));
  }
}

int64_t points_in(const MathValue& value) {
  if (auto* series = std::get_if<Series>(&value)) return int64_t(series->points.size());
  int64_t points = 0;
  if (auto* array = std::get_if<SeriesArray>(&value))
    for (const Series& series : *array) points += int64_t(series.points.size());
  return points;
}

}  // namespace

Result<MathValue> evaluate(const Expression& expression, const MathScope& scope) {
  auto value = value_of(expression, scope);
  if (!value) return value;
  scope.points_left -= points_in(*value);
  if (scope.points_left < 0) return fail(math_fault("The expression computes too many data points"));
  return value;
}

}  // namespace outcrop::cloudwatch
