#include "services/dynamodb/expression/evaluate.h"

#include <algorithm>

namespace outcrop::dynamodb {

namespace {

// What an operand gives: a value of the item or the request, a size, or nothing.
struct Operated {
  const Value* value = nullptr;
  std::optional<Value> made = {};

  const Value* get() const { return made ? &*made : value; }
};

Operated operated(const Operand& operand, const Attributes& item) {
  if (operand.kind == OperandSyntax::Kind::path) return {.value = find(item, operand.path)};
  if (operand.kind == OperandSyntax::Kind::value) return {.value = operand.value};
  const Operated argument = operated(operand.arguments[0], item);  // of size(), the one function that gives a value here
  const std::optional<size_t> size = argument.get() ? size_of(*argument.get()) : std::nullopt;
  if (!size) return {};
  return {.made = *Decimal::parse(std::to_string(*size))};
}

bool compares(Comparator comparator, const Value* a, const Value* b) {
  if (comparator == Comparator::ne) return !a || !b || !equal(*a, *b);
  if (!a || !b) return false;
  if (comparator == Comparator::eq) return equal(*a, *b);
  const std::optional<std::strong_ordering> order = compare(*a, *b);
  if (!order) return false;
  switch (comparator) {
    case Comparator::lt:
      return *order < 0;
    case Comparator::le:
      return *order <= 0;
    case Comparator::gt:
      return *order > 0;
    default:
      return *order >= 0;
  }
}

bool begins_with(const Value& whole, const Value& beginning) {
  if (const auto *text = whole.as<std::string>(), *part = beginning.as<std::string>(); text && part) return text->starts_with(*part);
  if (const auto *binary = whole.as<Binary>(), *part = beginning.as<Binary>(); binary && part)
    return binary->bytes.starts_with(part->bytes);
  return false;
}

bool contains(const Value& whole, const Value& part) {
  const auto* text = part.as<std::string>();
  const auto* binary = part.as<Binary>();
  if (const auto* string = whole.as<std::string>()) return text && string->contains(*text);
  if (const auto* bytes = whole.as<Binary>()) return binary && bytes->bytes.contains(binary->bytes);
  if (const auto* strings = whole.as<StringSet>()) return text && strings->contains(*text);
  if (const auto* binaries = whole.as<BinarySet>()) return binary && binaries->contains(*binary);
  if (const auto* numbers = whole.as<NumberSet>()) return part.as<Decimal>() && numbers->contains(*part.as<Decimal>());
  if (const auto* list = whole.as<List>()) return std::ranges::any_of(*list, [&](const Value& element) { return equal(element, part); });
  return false;
}

bool function_holds(const Operand& call, const Attributes& item) {
  const Operated first = operated(call.arguments[0], item);
  if (call.function == Function::attribute_exists) return first.get() != nullptr;
  if (call.function == Function::attribute_not_exists) return first.get() == nullptr;
  const Operated second = operated(call.arguments[1], item);
  if (!first.get() || !second.get()) return false;
  if (call.function == Function::begins_with) return begins_with(*first.get(), *second.get());
  if (call.function == Function::contains) return contains(*first.get(), *second.get());
  const auto* type = second.get()->as<std::string>();
  return type && type_name(first.get()->type()) == *type;
}

bool is_between(const Value* value, const Value* lower, const Value* upper) {
  return compares(Comparator::ge, value, lower) && compares(Comparator::le, value, upper);
}

// A part of an item as a tree of the steps that lead to what is wanted; without steps: all of it.
struct Wanted {
  Step step = {};
  std::vector<Wanted> below = {};

  Wanted& at(const Step& next) {
    const auto known = std::ranges::find(below, next, &Wanted::step);
    return known == below.end() ? below.emplace_back(Wanted{.step = next}) : *known;
  }
};

std::optional<Value> part_of(const Value& value, const Wanted& wanted);

Attributes part_of(const Attributes& map, const Wanted& wanted) {
  Attributes part;
  for (const Wanted& next : wanted.below) {
    const Value* value = next.step.place ? nullptr : map.find(next.step.name);
    if (!value) continue;
    if (std::optional<Value> kept = part_of(*value, next)) part[next.step.name] = std::move(*kept);
  }
  return part;
}

std::optional<Value> part_of(const List& list, const Wanted& wanted) {
  std::vector<std::pair<size_t, Value>> kept;
  for (const Wanted& next : wanted.below) {
    const std::optional<size_t> place = next.step.place;
    if (!place || *place >= list.size()) continue;
    if (std::optional<Value> part = part_of(list[*place], next)) kept.emplace_back(*place, std::move(*part));
  }
  if (kept.empty()) return std::nullopt;
  std::ranges::sort(kept, {}, [](const auto& element) { return element.first; });
  List part;
  for (auto& [place, value] : kept) part.push_back(std::move(value));
  return part;
}

std::optional<Value> part_of(const Value& value, const Wanted& wanted) {
  if (wanted.below.empty()) return value;
  if (const auto* list = value.as<List>()) return part_of(*list, wanted);
  const auto* map = value.as<Attributes>();
  if (!map) return std::nullopt;
  Attributes part = part_of(*map, wanted);
  if (part.empty()) return std::nullopt;
  return part;
}

}  // namespace

const Value* find(const Attributes& item, const Path& path) {
  const Value* value = item.find(path[0].name);
  for (size_t i = 1; i < path.size() && value; ++i) {
    const Step& step = path[i];
    const auto* map = value->as<Attributes>();
    const auto* list = value->as<List>();
    if (step.place)
      value = list && *step.place < list->size() ? &(*list)[*step.place] : nullptr;
    else
      value = map ? map->find(step.name) : nullptr;
  }
  return value;
}

bool holds(const BoundCondition& condition, const Attributes& item) {
  auto operand = [&](size_t i) { return operated(condition.operands[i], item); };
  auto part_holds = [&](const BoundCondition& part) { return holds(part, item); };
  switch (condition.kind) {
    case ConditionSyntax::Kind::and_:
      return std::ranges::all_of(condition.conditions, part_holds);
    case ConditionSyntax::Kind::or_:
      return std::ranges::any_of(condition.conditions, part_holds);
    case ConditionSyntax::Kind::not_:
      return !part_holds(condition.conditions[0]);
    case ConditionSyntax::Kind::function:
      return function_holds(condition.operands[0], item);
    case ConditionSyntax::Kind::compare:
      return compares(condition.comparator, operand(0).get(), operand(1).get());
    case ConditionSyntax::Kind::between:
      return is_between(operand(0).get(), operand(1).get(), operand(2).get());
    case ConditionSyntax::Kind::in:
      break;
  }
  const Operated first = operand(0);
  for (size_t i = 1; i < condition.operands.size(); ++i) {
    if (compares(Comparator::eq, first.get(), operand(i).get())) return true;
  }
  return false;
}

Attributes project(const Attributes& item, const BoundProjection& paths) {
  Wanted wanted;
  for (const Path& path : paths) {
    Wanted* at = &wanted;
    for (const Step& step : path) at = &at->at(step);
  }
  return part_of(item, wanted);
}

}  // namespace outcrop::dynamodb
