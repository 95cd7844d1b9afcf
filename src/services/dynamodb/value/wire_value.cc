#include "services/dynamodb/value/wire_value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/encoding.h"
#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

namespace {

constexpr std::string_view parameters_invalid = "One or more parameter values were invalid: ";

Fault invalid_value(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// How many of the ten are there.
size_t types_in(const AttributeValue& value) {
  return size_t(value.s.has_value()) + value.n.has_value() + value.b.has_value() + value.ss.has_value() + value.ns.has_value() +
         value.bs.has_value() + value.m.has_value() + value.l.has_value() + value.null.has_value() + value.bool_.has_value();
}

template <class T, class Hash>
bool has_twins(const std::vector<T>& elements, Hash key_of) {
  std::unordered_set<std::string> seen;
  return !std::ranges::all_of(elements, [&](const T& element) { return seen.insert(key_of(element)).second; });
}

Result<Value> read_string_set(std::vector<std::string>&& elements) {
  if (elements.empty()) return fail(invalid_value(std::string(parameters_invalid) + "An string set  may not be empty"));
  if (has_twins(elements, [](const std::string& text) { return text; }))
    return fail(invalid_value(fmt::format("{}Input collection [{}] contains duplicates.", parameters_invalid, fmt::join(elements, ", "))));
  return StringSet{std::move(elements)};
}

Result<Value> read_number_set(const std::vector<std::string>& texts) {
  if (texts.empty()) return fail(invalid_value(std::string(parameters_invalid) + "An number set  may not be empty"));
  NumberSet set;
  for (const std::string& text : texts) {
    Result<Decimal> number = Decimal::parse(text);
    if (!number) return fail(std::move(number.error()));
    set.elements.push_back(std::move(*number));
  }
  if (has_twins(set.elements, [](const Decimal& number) { return number.sortable(); }))
    return fail(invalid_value("Input collection contains duplicates"));
  return set;
}

Result<Value> read_binary_set(std::vector<std::string>&& elements) {
  if (elements.empty()) return fail(invalid_value(std::string(parameters_invalid) + "Binary sets should not be empty"));
  if (has_twins(elements, [](const std::string& bytes) { return bytes; })) {
    std::vector<std::string> shown;
    for (const std::string& bytes : elements) shown.push_back(base64(bytes));
    return fail(
        invalid_value(fmt::format("{}Input collection [{}]of type BS contains duplicates.", parameters_invalid, fmt::join(shown, ", "))));
  }
  BinarySet set;
  for (std::string& bytes : elements) set.elements.push_back({std::move(bytes)});
  return set;
}

Result<Value> read_at(AttributeValue&& value, size_t depth);

Result<Attributes> read_map(wire::Map<AttributeValue>&& map, size_t depth) {
  Attributes attributes;
  attributes.reserve(map.size());
  for (auto& [name, value] : map) {
    Result<Value> read = read_at(std::move(value), depth);
    if (!read) return fail(std::move(read.error()));
    attributes[std::move(name)] = std::move(*read);
  }
  return attributes;
}

Result<Value> read_list(std::vector<AttributeValue>&& elements, size_t depth) {
  List list;
  list.reserve(elements.size());
  for (AttributeValue& element : elements) {
    Result<Value> read = read_at(std::move(element), depth);
    if (!read) return fail(std::move(read.error()));
    list.push_back(std::move(*read));
  }
  return list;
}

Result<Value> read_number(std::string_view text) {
  Result<Decimal> number = Decimal::parse(text);
  if (!number) return fail(std::move(number.error()));
  return std::move(*number);
}

Result<Value> read_one(AttributeValue&& value, size_t depth) {
  if (value.s) return std::move(*value.s);
  if (value.n) return read_number(*value.n);
  if (value.b) return Binary{std::move(*value.b)};
  if (value.bool_) return bool(*value.bool_);
  if (value.ss) return read_string_set(std::move(*value.ss));
  if (value.ns) return read_number_set(*value.ns);
  if (value.bs) return read_binary_set(std::move(*value.bs));
  if (value.l) return read_list(std::move(*value.l), depth + 1);
  if (value.m) return read_map(std::move(*value.m), depth + 1);
  if (value.null && *value.null) return Null();
  return fail(invalid_value(std::string(parameters_invalid) + "Null attribute value types must have the value of true"));
}

Result<Value> read_at(AttributeValue&& value, size_t depth) {
  if (depth > limits::nesting_max)
    return fail(
        invalid_value("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"));
  const size_t types = types_in(value);
  if (types == 0) return fail(invalid_value("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"));
  Result<Value> read = read_one(std::move(value), depth);
  if (read && types > 1)
    return fail(
        invalid_value("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"));
  return read;
}

void write_into(AttributeValue& out, Value&& value);

struct WriteOne {
  AttributeValue& out;

  void operator()(std::string&& text) const { out.s = std::move(text); }
  void operator()(Decimal&& number) const { out.n = number.text(); }
  void operator()(Binary&& binary) const { out.b = std::move(binary.bytes); }
  void operator()(bool truth) const { out.bool_ = truth; }
  void operator()(Null) const { out.null = true; }
  void operator()(Attributes&& map) const { out.m = write_attributes(std::move(map)); }
  void operator()(List&& list) const {
    out.l.emplace().reserve(list.size());
    for (Value& element : list) write_into(out.l->emplace_back(), std::move(element));
  }
  void operator()(StringSet&& set) const { out.ss = std::move(set.elements); }
  void operator()(NumberSet&& set) const {
    out.ns.emplace();
    for (const Decimal& number : set.elements) out.ns->push_back(number.text());
  }
  void operator()(BinarySet&& set) const {
    out.bs.emplace();
    for (Binary& binary : set.elements) out.bs->push_back(std::move(binary.bytes));
  }
};

void write_into(AttributeValue& out, Value&& value) { std::visit(WriteOne{out}, std::move(value).take()); }

}  // namespace

Result<Value> read_value(AttributeValue&& value) { return read_at(std::move(value), 0); }

Result<Attributes> read_attributes(wire::Map<AttributeValue>&& attributes) { return read_map(std::move(attributes), 0); }

AttributeValue write_value(Value&& value) {
  AttributeValue out;
  write_into(out, std::move(value));
  return out;
}

wire::Map<AttributeValue> write_attributes(Attributes&& attributes) {
  wire::Map<AttributeValue> out;
  out.reserve(attributes.size());
  for (auto& [name, value] : attributes) write_into(out[std::move(name)], std::move(value));
  return out;
}

}  // namespace outcrop::dynamodb
