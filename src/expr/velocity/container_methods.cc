// The methods of Java's List and Map; what sets and collections have, their lists here have too.
#include <algorithm>

#include "expr/velocity/methods.h"

namespace outcrop::expr::velocity {
namespace {

std::optional<size_t> index_in(const List& list, const Value& index) {
  auto* number = index.as<int64_t>();
  return number && *number >= 0 && size_t(*number) < list.elements.size() ? std::optional(size_t(*number)) : std::nullopt;
}

int64_t position_of(Runtime& runtime, const List& list, const Value& wanted) {
  auto found = std::ranges::find_if(list.elements, [&](const Value& element) { return runtime.equal(element, wanted); });
  return found == list.elements.end() ? -1 : found - list.elements.begin();
}

Value add_all(Runtime& runtime, List& list, const Value& from) {
  auto* other = from.as<List*>();
  if (!other) return {};
  const std::vector<Value> added = (*other)->elements;  // which may be the list itself
  for (const Value& element : added)
    if (!runtime.append(list, element)) return {};
  return !added.empty();
}

Value insert(Runtime& runtime, List& list, const Value& index, const Value& element) {
  auto* at = index.as<int64_t>();
  if (!at || *at < 0 || size_t(*at) > list.elements.size() || !runtime.pay(list.elements.size()) || !runtime.append(list, element))
    return {};
  std::rotate(list.elements.begin() + *at, list.elements.end() - 1, list.elements.end());
  return {};
}

Value erase(Runtime& runtime, List& list, const Value& wanted) {
  const auto index = index_in(list, wanted);
  const int64_t at = index ? int64_t(*index) : wanted.as<int64_t>() ? -1 : position_of(runtime, list, wanted);
  if (at < 0 || !runtime.pay(list.elements.size())) return index ? Value() : Value(false);
  Value erased = std::move(list.elements[size_t(at)]);
  list.elements.erase(list.elements.begin() + at);
  return index ? std::move(erased) : Value(true);
}

Value part_of(Runtime& runtime, const List& list, const Value& from, const Value& to) {
  auto *begin = from.as<int64_t>(), *end = to.as<int64_t>();
  if (!begin || !end || *begin < 0 || *begin > *end || size_t(*end) > list.elements.size()) return {};
  List* part = runtime.make_list();
  part->of_json = list.of_json;
  for (int64_t i = *begin; i < *end; ++i)
    if (!runtime.append(*part, list.elements[size_t(i)])) return {};
  return part;
}

Value list_of(Runtime& runtime, const Map& map, std::string_view what) {
  List* list = runtime.make_list();
  for (const auto& [name, value] : map.members) {
    Value element = value;
    if (what != "values") element = runtime.make_text(name);
    if (what == "entrySet") {
      Map* entry = runtime.make_map();
      entry->is_entry = true;
      if (!runtime.put(*entry, "key", element) || !runtime.put(*entry, "value", value)) return {};
      element = entry;
    }
    if (!runtime.append(*list, std::move(element))) return {};
  }
  return list;
}

Value put_all(Runtime& runtime, Map& map, const Value& from) {
  auto* other = from.as<Map*>();
  if (!other || *other == &map) return {};
  for (const auto& [name, value] : (*other)->members)
    if (!runtime.put(map, name, value)) return {};
  return {};
}

// What was there before.
Value put_member(Runtime& runtime, Map& map, const std::string& name, const Value& value) {
  const Value* found = map.find(name);
  const Value before = found ? *found : Value();
  runtime.put(map, name, value);
  return before;
}

Value call_map_with_name(Runtime& runtime, Map& map, std::string_view method, const std::string& name, Arguments arguments) {
  const Value* found = map.find(name);
  const Value before = found ? *found : Value();
  if (arguments.size() == 1) {
    if (method == "get") return before;
    if (method == "containsKey") return found != nullptr;
    if (method == "remove") return runtime.pay(map.members.size()) && map.erase(name) ? before : Value();
    return {};
  }
  if (method == "put") return put_member(runtime, map, name, arguments[1]);
  if (method == "putIfAbsent") return before.is_null() ? put_member(runtime, map, name, arguments[1]) : before;
  if (method == "getOrDefault") return found ? before : arguments[1];
  return {};
}

}  // namespace

Value call_list_method(Runtime& runtime, List& list, std::string_view name, Arguments arguments) {
  const auto has = [&](const Value& element) { return position_of(runtime, list, element) >= 0; };
  if (arguments.empty()) {
    if (name == "size" || name == "count") return int64_t(list.elements.size());
    if (name == "isEmpty") return list.elements.empty();
    if (name == "iterator" || name == "listIterator") return runtime.make_iterator(list);
    if (name == "toArray") return &list;
    if (name == "clear") list.elements.clear();
    return {};
  }
  if (arguments.size() == 1) {
    if (name == "get") {
      const auto index = index_in(list, arguments[0]);
      return index ? list.elements[*index] : Value();
    }
    if (name == "add") return runtime.append(list, arguments[0]);
    if (name == "addAll") return add_all(runtime, list, arguments[0]);
    if (name == "remove") return erase(runtime, list, arguments[0]);
    if (name == "contains") return has(arguments[0]);
    if (name == "indexOf") return position_of(runtime, list, arguments[0]);
    if (auto* other = arguments[0].as<List*>(); other && name == "containsAll") return std::ranges::all_of((*other)->elements, has);
    return {};
  }
  if (arguments.size() != 2) return {};
  if (name == "add") return insert(runtime, list, arguments[0], arguments[1]);
  if (name == "subList") return part_of(runtime, list, arguments[0], arguments[1]);
  if (name == "set")
    if (const auto index = index_in(list, arguments[0])) return std::exchange(list.elements[*index], arguments[1]);
  return {};
}

Value call_map_method(Runtime& runtime, Map& map, std::string_view name, Arguments arguments) {
  if (arguments.empty()) {
    if (name == "size" || name == "count") return int64_t(map.members.size());
    if (name == "isEmpty") return map.members.empty();
    if (name == "keySet" || name == "values" || name == "entrySet") return list_of(runtime, map, name);
    if (map.is_entry && (name == "getKey" || name == "getValue")) return *map.find(name == "getKey" ? "key" : "value");
    if (name == "clear") map.members.clear(), map.positions.clear();
    return {};
  }
  if (name == "putAll" && arguments.size() == 1) return put_all(runtime, map, arguments[0]);
  if (name == "containsValue" && arguments.size() == 1)
    return std::ranges::any_of(map.members, [&](const Map::Member& member) { return runtime.equal(member.value, arguments[0]); });
  if (arguments.size() > 2) return {};
  return call_map_with_name(runtime, map, name, runtime.text_of(arguments[0]), arguments);
}

}  // namespace outcrop::expr::velocity
