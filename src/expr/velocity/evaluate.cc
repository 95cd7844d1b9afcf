// What expressions are worth, with Velocity 1.7's rules of arithmetic, comparison and truth.

#include <cmath>

#include "expr/velocity/renderer.h"

namespace outcrop::expr::velocity {
namespace {

bool is_true(const Value& value) { return value.as<bool>() ? *value.as<bool>() : !value.is_null(); }

// Java's Integer and Long in one; what overflows goes on as a double. Nothing is divided by zero.
Value of_integers(Operator symbol, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflows = false;
  switch (symbol) {
    case Operator::add:
      overflows = __builtin_add_overflow(a, b, &result);
      return overflows ? Value(double(a) + double(b)) : Value(result);
    case Operator::subtract:
      overflows = __builtin_sub_overflow(a, b, &result);
      return overflows ? Value(double(a) - double(b)) : Value(result);
    case Operator::multiply:
      overflows = __builtin_mul_overflow(a, b, &result);
      return overflows ? Value(double(a) * double(b)) : Value(result);
    case Operator::divide:
      if (b == 0) return {};
      return b == -1 ? of_integers(Operator::subtract, 0, a) : Value(a / b);
    default:
      if (b == 0) return {};
      return b == -1 ? Value(int64_t(0)) : Value(a % b);
  }
}

Value of_doubles(Operator symbol, double a, double b) {
  switch (symbol) {
    case Operator::add:
      return a + b;
    case Operator::subtract:
      return a - b;
    case Operator::multiply:
      return a * b;
    case Operator::divide:
      return b == 0 ? Value() : Value(a / b);
    default:
      return b == 0 ? Value() : Value(std::fmod(a, b));
  }
}

}  // namespace

Value Renderer::evaluate(const Expression& expression) {
  if (!pay()) return {};
  place_ = expression.place;
  if (auto* literal = std::get_if<Literal>(&expression.form)) {
    if (auto* text = std::get_if<std::string>(&literal->value)) return make_text(*text);
    if (auto* truth = std::get_if<bool>(&literal->value)) return *truth;
    if (auto* integer = std::get_if<int64_t>(&literal->value)) return *integer;
    return std::get<double>(literal->value);
  }
  if (auto* interpolation = std::get_if<Interpolation>(&expression.form)) return make_text(rendered(*interpolation->block));
  if (auto* reference = std::get_if<Reference>(&expression.form)) return resolve(*reference, reference->steps.size());
  if (auto* list = std::get_if<ListLiteral>(&expression.form)) return list_of(*list);
  if (auto* range = std::get_if<RangeLiteral>(&expression.form)) return range_of(*range);
  if (auto* map = std::get_if<MapLiteral>(&expression.form)) return map_of(*map);
  return evaluate(std::get<Operation>(expression.form));
}

Value Renderer::evaluate(const Operation& operation) {
  const Operator symbol = operation.symbol;
  const Value left = evaluate(operation.operands.front());
  if (symbol == Operator::negation) return !is_true(left);
  if (symbol == Operator::either) return is_true(left) || is_true(evaluate(operation.operands.back()));
  if (symbol == Operator::both) return is_true(left) && is_true(evaluate(operation.operands.back()));
  const Value right = evaluate(operation.operands.back());
  if (symbol >= Operator::add) return arithmetic(symbol, left, right);
  return compare(symbol, left, right);
}

// Texts are joined; of anything else that is no number nothing comes.
Value Renderer::arithmetic(Operator symbol, const Value& left, const Value& right) {
  if (symbol == Operator::add && (left.text() || right.text())) return make_text(text_of(left) + text_of(right));
  if (!left.is_number() || !right.is_number()) return {};
  if (left.as<int64_t>() && right.as<int64_t>()) return of_integers(symbol, *left.as<int64_t>(), *right.as<int64_t>());
  return of_doubles(symbol, left.number(), right.number());
}

// Values of different kinds are equal when their texts are; only numbers are less than each other.
bool Renderer::compare(Operator symbol, const Value& left, const Value& right) {
  if (symbol == Operator::equal || symbol == Operator::not_equal) {
    const bool alike = left.form.index() == right.form.index() || (left.is_number() && right.is_number());
    const bool one_null = left.is_null() != right.is_null();
    const bool equals = !one_null && (alike ? equal(left, right) : text_of(left) == text_of(right));
    return equals == (symbol == Operator::equal);
  }
  if (!left.is_number() || !right.is_number()) return false;
  const double a = left.number(), b = right.number();
  if (symbol == Operator::less) return a < b;
  if (symbol == Operator::less_equal) return a <= b;
  return symbol == Operator::greater ? a > b : a >= b;
}

Value Renderer::list_of(const ListLiteral& literal) {
  List* list = make_list();
  for (const Expression& element : literal.elements)
    if (!append(*list, evaluate(element))) return {};
  return list;
}

Value Renderer::range_of(const RangeLiteral& literal) {
  const Value from = evaluate(literal.ends.front()), to = evaluate(literal.ends.back());
  if (!from.as<int64_t>() || !to.as<int64_t>()) return {};
  List* list = make_list();
  const int64_t begin = *from.as<int64_t>(), end = *to.as<int64_t>(), step = begin <= end ? 1 : -1;
  for (int64_t i = begin;; i += step) {
    if (!append(*list, i)) return {};
    if (i == end) return list;
  }
}

Value Renderer::map_of(const MapLiteral& literal) {
  Map* map = make_map();
  for (size_t i = 0; i < literal.keys.size(); ++i)
    if (!put(*map, text_of(evaluate(literal.keys[i])), evaluate(literal.values[i]))) return {};
  return map;
}

Value Renderer::resolve(const Reference& reference, size_t steps) {
  Value value = variable(reference.name);
  for (size_t i = 0; i < steps && !value.is_null(); ++i) value = take_step(value, reference.steps[i], reference.place);
  return is_over() ? Value() : value;
}

Value Renderer::take_step(const Value& target, const Step& step, Place place) {
  std::vector<Value> arguments;
  for (const Expression& argument : step.arguments) arguments.push_back(evaluate(argument));
  place_ = place;
  if (!pay()) return {};
  if (auto* tool = target.as<Tool>()) {
    if (*tool == Tool::util) return step.kind == Step::Kind::method ? call_util(*this, step.name, arguments) : Value();
    if (step.kind == Step::Kind::index) return {};
    return step.kind == Step::Kind::method ? input_tool_.call(step.name, arguments) : input_tool_.property(step.name);
  }
  switch (step.kind) {
    case Step::Kind::property:
      return property_of(*this, target, step.name);
    case Step::Kind::method:
      return call_method(*this, target, step.name, arguments);
    case Step::Kind::index:
      return element_of(*this, target, arguments.front());
  }
  return {};
}

Value Renderer::variable(std::string_view name) const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    if (auto found = frame->find(name); found != frame->end()) return found->second;
  auto found = variables_.find(name);
  return found == variables_.end() ? Value() : found->second;
}

// An argument of the macro that is being rendered, or what all see.
void Renderer::set_variable(const std::string& name, Value value) {
  Variables* scope = &variables_;
  if (!frames_.empty() && frames_.back().contains(name)) scope = &frames_.back();
  if (scope == &variables_ && !variables_.contains(name) && !pay_memory(name.size())) return;
  (*scope)[name] = std::move(value);
}

List* Renderer::elements_of(const Value& value) {
  if (auto* list = value.as<List*>()) return *list;
  Value collected;
  if (value.as<Map*>()) collected = call_method(*this, value, "values", {});
  if (auto* iterator = value.as<Iterator*>()) {
    List* rest = make_list();
    for (size_t& next = (*iterator)->next; next < (*iterator)->list->elements.size(); ++next)
      if (!append(*rest, (*iterator)->list->elements[next])) return nullptr;
    collected = rest;
  }
  auto* list = collected.as<List*>();
  return list ? *list : nullptr;
}

}  // namespace outcrop::expr::velocity
