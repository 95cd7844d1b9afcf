#include "services/dynamodb/value/value.h"

#include <algorithm>
#include <array>

namespace outcrop::dynamodb {

namespace {

constexpr std::array<std::string_view, 10> type_names = {"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"};

// Of sets, whose elements are all different.
template <class T>
bool equal_sets(const Set<T>& a, const Set<T>& b) {
  if (a.elements.size() != b.elements.size()) return false;
  std::vector<T> x = a.elements, y = b.elements;
  std::ranges::sort(x);
  std::ranges::sort(y);
  return x == y;
}

bool equal_maps(const Attributes& a, const Attributes& b) {
  if (a.size() != b.size()) return false;
  return std::ranges::all_of(a, [&b](const Attributes::Entry& entry) {
    const Value* other = b.find(entry.key);
    return other && equal(entry.value, *other);
  });
}

struct SameType {
  const Value& other;

  template <class T>
  bool operator()(const T& mine) const {
    return mine == *other.as<T>();
  }
  bool operator()(const Attributes& mine) const { return equal_maps(mine, *other.as<Attributes>()); }
  bool operator()(const List& mine) const { return std::ranges::equal(mine, *other.as<List>(), equal); }
  template <class T>
  bool operator()(const Set<T>& mine) const {
    return equal_sets(mine, *other.as<Set<T>>());
  }
};

struct BytesOf {
  size_t operator()(const std::string& text) const { return text.size(); }
  size_t operator()(const Decimal& number) const { return number.item_bytes(); }
  size_t operator()(const Binary& binary) const { return binary.bytes.size(); }
  size_t operator()(bool) const { return 1; }
  size_t operator()(Null) const { return 1; }
  size_t operator()(const Attributes& map) const { return container_bytes + element_bytes * map.size() + item_bytes(map); }
  size_t operator()(const List& list) const {
    size_t bytes = container_bytes;
    for (const Value& element : list) bytes += element_bytes + item_bytes(element);
    return bytes;
  }
  template <class T>
  size_t operator()(const Set<T>& set) const {
    size_t bytes = 0;
    for (const T& element : set.elements) bytes += (*this)(element);
    return bytes;
  }
};

}  // namespace

std::string_view type_name(Type type) { return type_names[size_t(type)]; }

std::optional<Type> type_named(std::string_view name) {
  const auto found = std::ranges::find(type_names, name);
  if (found == type_names.end()) return std::nullopt;
  return Type(found - type_names.begin());
}

bool equal(const Value& a, const Value& b) { return a.type() == b.type() && std::visit(SameType{b}, a.data()); }

std::optional<std::strong_ordering> compare(const Value& a, const Value& b) {
  if (a.type() != b.type()) return std::nullopt;
  if (const auto* text = a.as<std::string>()) return *text <=> *b.as<std::string>();
  if (const auto* number = a.as<Decimal>()) return *number <=> *b.as<Decimal>();
  if (const auto* binary = a.as<Binary>()) return *binary <=> *b.as<Binary>();
  return std::nullopt;
}

size_t item_bytes(const Value& value) { return std::visit(BytesOf(), value.data()); }

size_t item_bytes(const Attributes& attributes) {
  size_t bytes = 0;
  for (const Attributes::Entry& entry : attributes) bytes += entry.key.size() + item_bytes(entry.value);
  return bytes;
}

std::optional<size_t> size_of(const Value& value) {
  if (const auto* text = value.as<std::string>()) return text->size();
  if (const auto* binary = value.as<Binary>()) return binary->bytes.size();
  if (const auto* map = value.as<Attributes>()) return map->size();
  if (const auto* list = value.as<List>()) return list->size();
  if (const auto* set = value.as<StringSet>()) return set->elements.size();
  if (const auto* numbers = value.as<NumberSet>()) return numbers->elements.size();
  if (const auto* binaries = value.as<BinarySet>()) return binaries->elements.size();
  return std::nullopt;
}

}  // namespace outcrop::dynamodb
