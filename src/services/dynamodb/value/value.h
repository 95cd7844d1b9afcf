// Value: an attribute's value, of one of DynamoDB's ten types; and Attributes: an item, or a map within one.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/dynamodb/value/decimal.h"
#include "wire/map.h"

namespace outcrop::dynamodb {

// In the order of Value::Data.
enum class Type : uint8_t { string, number, binary, boolean, null, map, list, string_set, number_set, binary_set };

// "S", "NS".
std::string_view type_name(Type type);
std::optional<Type> type_named(std::string_view name);

class Value;
using Attributes = wire::Map<Value>;
using List = std::vector<Value>;

struct Binary {
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};
struct Null {
  bool operator==(const Null&) const = default;
};
// Sets hold each element once, in the order it came.
template <class T>
struct Set {
  std::vector<T> elements;

  bool contains(const T& element) const;
};
using StringSet = Set<std::string>;
using NumberSet = Set<Decimal>;
using BinarySet = Set<Binary>;

template <class T, class... Types>
concept one_of = (std::same_as<T, Types> || ...);

class Value {
 public:
  using Data = std::variant<std::string, Decimal, Binary, bool, Null, Attributes, List, StringSet, NumberSet, BinarySet>;

  Value() : data_(Null()) {}
  template <class T>
    requires one_of<std::remove_cvref_t<T>, std::string, Decimal, Binary, bool, Null, Attributes, List, StringSet, NumberSet, BinarySet>
  Value(T&& value) : data_(std::forward<T>(value)) {}

  Type type() const { return Type(data_.index()); }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&data_);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&data_);
  }
  const Data& data() const { return data_; }
  Data&& take() && { return std::move(data_); }

  bool is_set() const { return type() >= Type::string_set; }
  bool is_scalar_key() const { return type() <= Type::binary; }  // what keys can be

 private:
  Data data_;
};

// Deep; sets without regard to order; values of two types are never equal.
bool equal(const Value& a, const Value& b);
// Strings and binaries bytewise (UTF-8), numbers as numbers; none of other types or of two.
std::optional<std::strong_ordering> compare(const Value& a, const Value& b);

// What they count in an item (Developer Guide, "DynamoDB item sizes and formats"): names, contents, and 3 bytes and one an element of
// lists and maps.
inline constexpr size_t container_bytes = 3, element_bytes = 1;
size_t item_bytes(const Value& value);
size_t item_bytes(const Attributes& attributes);

// What the function size() of expressions gives: bytes of strings and binaries, elements of others; none of numbers, booleans and null.
std::optional<size_t> size_of(const Value& value);

template <class T>
bool Set<T>::contains(const T& element) const {
  for (const T& one : elements) {
    if (one == element) return true;
  }
  return false;
}

}  // namespace outcrop::dynamodb
