#include "expr/path/path_function.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "expr/path/path_value.h"

namespace outcrop::expr {
namespace {

using json::Value;

std::vector<double> numbers_in(const PathNodes& elements) {
  std::vector<double> numbers;
  for (const Value* element : elements)
    if (auto number = element->as_double()) numbers.push_back(*number);
  return numbers;
}

std::optional<Value> of_numbers(PathFunction function, const std::vector<double>& numbers) {
  const double sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  if (function == PathFunction::sum) return Value(sum);
  if (numbers.empty()) return std::nullopt;
  if (function == PathFunction::min) return Value(std::ranges::min(numbers));
  if (function == PathFunction::max) return Value(std::ranges::max(numbers));
  const double mean = sum / double(numbers.size());
  if (function == PathFunction::avg) return Value(mean);
  double squares = 0;
  for (double number : numbers) squares += (number - mean) * (number - mean);
  return Value(std::sqrt(squares / double(numbers.size())));
}

Value keys_of(const Value& object) {
  json::Array keys;
  for (const json::Member& member : object.as_object()) keys.emplace_back(member.name());
  return Value(std::move(keys));
}

}  // namespace

std::optional<Value> applied(PathFunction function, bool is_singular, const PathNodes& nodes) {
  if (is_singular && nodes.empty()) return std::nullopt;
  if (function == PathFunction::keys)
    return is_singular && nodes.front()->is_object() ? std::optional(keys_of(*nodes.front())) : std::nullopt;
  PathNodes elements = nodes;
  if (is_singular && nodes.front()->is_array()) {
    elements.clear();
    for (const Value& element : nodes.front()->as_array()) elements.push_back(&element);
  }
  switch (function) {
    case PathFunction::length:
    case PathFunction::size:
      return is_singular ? length_of(*nodes.front()) : Value(nodes.size());
    case PathFunction::first:
      return elements.empty() ? std::nullopt : std::optional(*elements.front());
    case PathFunction::last:
      return elements.empty() ? std::nullopt : std::optional(*elements.back());
    default:
      return of_numbers(function, numbers_in(elements));
  }
}

}  // namespace outcrop::expr
