#include <algorithm>

#include "services/dynamodb/expression/evaluate.h"

namespace outcrop::dynamodb {

namespace {

Fault update_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }
Fault leads_nowhere() { return update_refused("The document path provided in the update expression is invalid for update"); }
Fault wrong_type() { return update_refused("An operand in the update expression has an incorrect data type"); }

Result<Value> value_of(const Operand& operand, const Attributes& item);

Result<Value> sum_of(const Operand& sum, const Attributes& item) {
  Result<Value> left = value_of(sum.arguments[0], item);
  if (!left) return left;
  Result<Value> right = value_of(sum.arguments[1], item);
  if (!right) return right;
  const auto *a = left->as<Decimal>(), *b = right->as<Decimal>();
  if (!a || !b) return fail(wrong_type());
  Result<Decimal> result = sum.kind == OperandSyntax::Kind::plus ? Decimal::add(*a, *b) : Decimal::subtract(*a, *b);
  if (!result) return fail(std::move(result.error()));
  return std::move(*result);
}

Result<Value> joined_lists(const Operand& call, const Attributes& item) {
  Result<Value> left = value_of(call.arguments[0], item);
  if (!left) return left;
  Result<Value> right = value_of(call.arguments[1], item);
  if (!right) return right;
  auto *a = left->as<List>(), *b = right->as<List>();
  if (!a || !b) return fail(wrong_type());
  a->insert(a->end(), std::make_move_iterator(b->begin()), std::make_move_iterator(b->end()));
  return left;
}

// What SET puts at its path.
Result<Value> value_of(const Operand& operand, const Attributes& item) {
  switch (operand.kind) {
    case OperandSyntax::Kind::value:
      return *operand.value;
    case OperandSyntax::Kind::plus:
    case OperandSyntax::Kind::minus:
      return sum_of(operand, item);
    case OperandSyntax::Kind::path:
      if (const Value* there = find(item, operand.path)) return *there;
      return fail(update_refused("The provided expression refers to an attribute that does not exist in the item"));
    case OperandSyntax::Kind::function:
      break;
  }
  if (operand.function == Function::list_append) return joined_lists(operand, item);
  if (const Value* there = find(item, operand.arguments[0].path)) return *there;
  return value_of(operand.arguments[1], item);
}

template <class T>
void add_to_set(Set<T>& set, const Set<T>& more) {
  for (const T& element : more.elements) {
    if (!set.contains(element)) set.elements.push_back(element);
  }
}

template <class T>
bool take_from_set(Set<T>& set, const Set<T>& less) {
  std::erase_if(set.elements, [&](const T& element) { return less.contains(element); });
  return set.elements.empty();
}

// What ADD makes of what is there.
Result<Value> added(const Value* there, const Value& more) {
  if (!there) return more;
  Value sum = *there;
  if (there->type() != more.type()) return fail(wrong_type());
  if (const auto* number = more.as<Decimal>()) {
    Result<Decimal> result = Decimal::add(*sum.as<Decimal>(), *number);
    if (!result) return fail(std::move(result.error()));
    return std::move(*result);
  }
  if (auto* strings = sum.as<StringSet>())
    add_to_set(*strings, *more.as<StringSet>());
  else if (auto* numbers = sum.as<NumberSet>())
    add_to_set(*numbers, *more.as<NumberSet>());
  else if (auto* binaries = sum.as<BinarySet>())
    add_to_set(*binaries, *more.as<BinarySet>());
  else
    return fail(wrong_type());
  return sum;
}

// What DELETE leaves of what is there; none: nothing.
Result<std::optional<Value>> lessened(const Value* there, const Value& less) {
  if (!there) return std::nullopt;
  if (there->type() != less.type()) return fail(wrong_type());
  Value rest = *there;
  bool is_empty = false;
  if (auto* strings = rest.as<StringSet>())
    is_empty = take_from_set(*strings, *less.as<StringSet>());
  else if (auto* numbers = rest.as<NumberSet>())
    is_empty = take_from_set(*numbers, *less.as<NumberSet>());
  else if (auto* binaries = rest.as<BinarySet>())
    is_empty = take_from_set(*binaries, *less.as<BinarySet>());
  if (is_empty) return std::nullopt;
  return rest;
}

// An update under way. What leads to places behind the end of a list is appended at the end, in the order of places; elements are
// removed last and from the back, so that every place means what it meant in the item as it was.
class Updating {
 public:
  explicit Updating(const Attributes& item) : before_(item), after_(item) {}

  Result<void> act(const BoundUpdate::Action& action) {
    switch (action.kind) {
      case UpdateAction::Kind::set: {
        Result<Value> value = value_of(action.value, before_);
        if (!value) return fail(std::move(value.error()));
        return put(action.path, std::move(*value));
      }
      case UpdateAction::Kind::remove:
        return remove(action.path);
      case UpdateAction::Kind::add: {
        Result<Value> value = added(find(before_, action.path), *action.value.value);
        if (!value) return fail(std::move(value.error()));
        return put(action.path, std::move(*value));
      }
      case UpdateAction::Kind::delete_:
        break;
    }
    Result<std::optional<Value>> rest = lessened(find(before_, action.path), *action.value.value);
    if (!rest) return fail(std::move(rest.error()));
    return *rest ? put(action.path, std::move(**rest)) : remove(action.path);
  }

  Attributes finish() && {
    std::ranges::sort(appended_, {}, [](const Element& element) { return *element.path->back().place; });
    for (Element& element : appended_) parent(*element.path)->as<List>()->push_back(std::move(element.value));
    std::ranges::sort(removed_, std::greater(), [](const Path* path) { return *path->back().place; });
    for (const Path* path : removed_) {
      List& list = *parent(*path)->as<List>();
      if (*path->back().place < list.size()) list.erase(list.begin() + std::ptrdiff_t(*path->back().place));
    }
    return std::move(after_);
  }

 private:
  struct Element {
    const Path* path;
    Value value;
  };

  // What holds the last step of a path of several; null when nothing is there.
  Value* parent(const Path& path) { return const_cast<Value*>(find(after_, Path(path.begin(), path.end() - 1))); }

  Result<void> put(const Path& path, Value value) {
    const Step& last = path.back();
    if (path.size() == 1) {
      after_[last.name] = std::move(value);
      return {};
    }
    Value* holder = parent(path);
    if (auto* map = holder ? holder->as<Attributes>() : nullptr; map && !last.place) {
      (*map)[last.name] = std::move(value);
      return {};
    }
    auto* list = holder ? holder->as<List>() : nullptr;
    if (!list || !last.place) return fail(leads_nowhere());
    if (*last.place < list->size())
      (*list)[*last.place] = std::move(value);
    else
      appended_.push_back({&path, std::move(value)});
    return {};
  }

  Result<void> remove(const Path& path) {
    const Step& last = path.back();
    if (path.size() == 1) {
      after_.erase(last.name);
      return {};
    }
    Value* holder = parent(path);
    if (auto* map = holder ? holder->as<Attributes>() : nullptr; map && !last.place) {
      map->erase(last.name);
      return {};
    }
    auto* list = holder ? holder->as<List>() : nullptr;
    if (!list || !last.place) return fail(leads_nowhere());
    if (*last.place < list->size()) removed_.push_back(&path);
    return {};
  }

  const Attributes& before_;
  Attributes after_;
  std::vector<Element> appended_;
  std::vector<const Path*> removed_;
};

}  // namespace

Result<Attributes> updated(const Attributes& item, const BoundUpdate& update) {
  Updating updating(item);
  for (const BoundUpdate::Action& action : update.actions) {
    if (auto acted = updating.act(action); !acted) return fail(std::move(acted.error()));
  }
  return std::move(updating).finish();
}

}  // namespace outcrop::dynamodb
