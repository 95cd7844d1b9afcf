#include "expr/path/select_nodes.h"

#include <algorithm>

#include "expr/path/path_function.h"
#include "expr/path/path_value.h"

namespace outcrop::expr {
namespace {

using json::Value;

// RFC 9535 2.3.4.2.2.
void select_slice(const SliceSelector& slice, const json::Array& elements, PathNodes& found) {
  const int64_t length = int64_t(elements.size());
  const auto bound = [&](std::optional<int64_t> written, int64_t otherwise) {
    if (!written) return otherwise;
    const int64_t counted = *written < 0 ? length + *written : *written;
    return slice.step > 0 ? std::clamp<int64_t>(counted, 0, length) : std::clamp<int64_t>(counted, -1, length - 1);
  };
  if (slice.step > 0) {
    const int64_t end = bound(slice.end, length);
    for (int64_t i = bound(slice.start, 0); i < end; i += std::min(slice.step, length)) found.push_back(&elements[size_t(i)]);
  } else if (slice.step < 0) {
    const int64_t end = bound(slice.end, -1);
    for (int64_t i = bound(slice.start, length - 1); i > end; i += std::max(slice.step, -length - 1)) found.push_back(&elements[size_t(i)]);
  }
}

void select_children(const Value& node, PathNodes& found) {
  if (node.is_array())
    for (const Value& element : node.as_array()) found.push_back(&element);
  if (node.is_object())
    for (const json::Member& member : node.as_object()) found.push_back(&member.value);
}

void select_index(int64_t index, const Value& node, PathNodes& found) {
  if (!node.is_array()) return;
  const int64_t length = int64_t(node.as_array().size());
  const int64_t counted = index < 0 ? length + index : index;
  if (counted >= 0 && counted < length) found.push_back(&node.as_array()[size_t(counted)]);
}

}  // namespace

bool PathEvaluation::pay(size_t steps) {
  if (steps > steps_left_) too_much_ = true;
  steps_left_ -= std::min(steps, steps_left_);
  return !too_much_;
}

PathNodes PathEvaluation::select(const PathQuery& query, const Value& current) {
  PathNodes nodes = {query.from_current ? &current : &root_};
  for (const PathSegment& segment : query.segments) {
    PathNodes next;
    for (const Value* node : nodes) {
      if (segment.descendants)
        descend(segment, *node, next);
      else
        apply(segment, *node, next);
      if (too_much_) return {};
    }
    nodes = std::move(next);
  }
  return nodes;
}

// As deep as JSON is, which the reader bounds.
void PathEvaluation::descend(const PathSegment& segment, const Value& node, PathNodes& found) {
  if (!node.is_array() && !node.is_object()) return void(pay());
  apply(segment, node, found);
  PathNodes children;
  select_children(node, children);
  for (const Value* child : children)
    if (!too_much_) descend(segment, *child, found);
}

void PathEvaluation::apply(const PathSegment& segment, const Value& node, PathNodes& found) {
  for (const PathSelector& selector : segment.selectors) {
    const size_t before = found.size();
    if (!pay()) return;
    if (auto* name = std::get_if<NameSelector>(&selector)) {
      if (const Value* member = node.find(name->name)) found.push_back(member);
    } else if (auto* index = std::get_if<IndexSelector>(&selector)) {
      select_index(index->index, node, found);
    } else if (auto* slice = std::get_if<SliceSelector>(&selector)) {
      if (node.is_array()) select_slice(*slice, node.as_array(), found);
    } else if (auto* condition = std::get_if<FilterSelector>(&selector)) {
      filter(*condition, node, found);
    } else {
      select_children(node, found);
    }
    if (!pay(found.size() - before)) return;
  }
}

void PathEvaluation::filter(const FilterSelector& selector, const Value& node, PathNodes& found) {
  PathNodes children;
  select_children(node, children);
  for (const Value* child : children) {
    if (!pay()) return;
    if (holds(*selector.condition, *child)) found.push_back(child);
  }
}

std::optional<Value> PathEvaluation::value_of(const PathQuery& query, const Value& current) {
  const PathNodes nodes = select(query, current);
  if (query.function != PathFunction::none) return applied(query.function, query.is_singular(), nodes);
  if (!query.is_singular()) {
    json::Array found;
    for (const Value* node : nodes)
      if (pay(size_of(*node))) found.push_back(*node);
    return Value(std::move(found));
  }
  if (nodes.empty() || !pay(size_of(*nodes.front()))) return std::nullopt;
  return *nodes.front();
}

bool PathEvaluation::holds(const FilterCondition& condition, const Value& current) {
  using Kind = FilterCondition::Kind;
  const auto part_holds = [&](const FilterCondition& part) { return holds(part, current); };
  switch (condition.kind) {
    case Kind::any:
      return std::ranges::any_of(condition.conditions, part_holds);
    case Kind::all:
      return std::ranges::all_of(condition.conditions, part_holds);
    case Kind::negation:
      return !holds(condition.conditions.front(), current);
    case Kind::existence:
      return exists(condition.operands.front(), current);
    case Kind::comparison:
      return compare(condition, current);
  }
  return false;
}

bool PathEvaluation::exists(const FilterOperand& operand, const Value& current) {
  if (auto* query = std::get_if<PathQuery>(&operand)) {
    if (query->function != PathFunction::none) return value_of(*query, current).has_value();
    return !select(*query, current).empty();
  }
  return call_holds(*std::get<std::shared_ptr<const FilterCall>>(operand), current);
}

std::optional<Value> PathEvaluation::operand_value(const FilterOperand& operand, const Value& current) {
  if (auto* literal = std::get_if<Value>(&operand)) return pay(size_of(*literal)) ? std::optional(*literal) : std::nullopt;
  if (auto* query = std::get_if<PathQuery>(&operand)) return value_of(*query, current);
  return call_value(*std::get<std::shared_ptr<const FilterCall>>(operand), current);
}

std::optional<Value> PathEvaluation::call_value(const FilterCall& call, const Value& current) {
  if (call.function == FilterFunction::length) {
    auto value = operand_value(call.arguments.front(), current);
    return value ? length_of(*value) : std::nullopt;
  }
  const PathNodes nodes = select(std::get<PathQuery>(call.arguments.front()), current);
  if (call.function == FilterFunction::count) return Value(nodes.size());
  if (nodes.size() != 1 || !pay(size_of(*nodes.front()))) return std::nullopt;
  return *nodes.front();
}

bool PathEvaluation::call_holds(const FilterCall& call, const Value& current) {
  auto text = operand_value(call.arguments[0], current);
  if (!text || !text->is_string()) return false;
  const bool whole = call.function == FilterFunction::match;
  if (call.expression) return expression_matches(*call.expression, text->as_string(), whole);
  auto expression = operand_value(call.arguments[1], current);
  if (!expression || !expression->is_string()) return false;
  auto compiled = RegularExpression::compile(expression->as_string());
  return compiled && pay(expression->as_string().size()) && expression_matches(*compiled, text->as_string(), whole);
}

bool PathEvaluation::expression_matches(const RegularExpression& expression, std::string_view text, bool whole) {
  bool matched = false;
  if (whole) {
    const auto result = expression.matches(text, steps_left_);
    matched = result && *result;
    too_much_ |= !result;
  } else {
    const auto result = expression.find(text, 0, steps_left_);
    matched = result && result->has_value();
    too_much_ |= !result;
  }
  return matched;
}

bool PathEvaluation::compare(const FilterCondition& condition, const Value& current) {
  const auto left = operand_value(condition.operands.front(), current);
  if (condition.comparison == FilterOperator::matches) {
    if (!left || left->is_array() || left->is_object() || left->is_null()) return false;
    const std::string text = left->is_string() ? std::string(left->as_string()) : json::write(*left);
    return expression_matches(*condition.expression, text, true);
  }
  const auto right = operand_value(condition.operands.back(), current);
  return !too_much_ && compares(condition.comparison, left, right);
}

}  // namespace outcrop::expr
