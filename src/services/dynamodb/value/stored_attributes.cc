#include "services/dynamodb/value/stored_attributes.h"

#include <algorithm>

#include "services/dynamodb/limits.h"
#include "services/dynamodb/value/stored_reader.h"

namespace outcrop::dynamodb {

namespace {

// Attributes for which a map makes room at once, whatever bytes say that are not ours.
constexpr size_t reserved_max = 64;

struct AttributeWriter {
  std::string& out;

  void number(size_t value) {
    for (; value >= 0x80; value >>= 7) out += char(value | 0x80);
    out += char(value);
  }
  void text(std::string_view bytes) {
    number(bytes.size());
    out += bytes;
  }
  void value(const Value& value) {
    out += char(value.type());
    std::visit(*this, value.data());
  }
  void attributes(const Attributes& map) {
    number(map.size());
    for (const auto& [name, value] : map) {
      text(name);
      this->value(value);
    }
  }

  void operator()(const std::string& value) { text(value); }
  void operator()(const Decimal& number) { text(number.sortable()); }
  void operator()(const Binary& binary) { text(binary.bytes); }
  void operator()(bool truth) { out += char(truth); }
  void operator()(Null) {}
  void operator()(const Attributes& map) { attributes(map); }
  void operator()(const List& list) {
    number(list.size());
    for (const Value& element : list) value(element);
  }
  template <class T>
  void operator()(const Set<T>& set) {
    number(set.elements.size());
    for (const T& element : set.elements) (*this)(element);
  }
};

struct AttributeReader : StoredReader {
  Attributes attributes(size_t depth) {
    Attributes map;
    size_t left = count();
    map.reserve(std::min(left, reserved_max));
    for (; left > 0 && !failed; --left) {
      const std::string_view name = text();
      map[name] = value(depth);
    }
    return map;
  }
  List list(size_t depth) {
    List list;
    const size_t size = count();
    list.reserve(size);
    for (size_t i = 0; i < size && !failed; ++i) list.push_back(value(depth));
    return list;
  }
  template <class T, class Read>
  Set<T> set(Read read) {
    Set<T> set;
    for (size_t left = count(); left > 0 && !failed; --left) set.elements.push_back(read());
    return set;
  }
  Value value(size_t depth) {
    if (depth > limits::nesting_max) failed = true;
    if (failed) return Null();
    switch (type()) {
      case Type::string:
        return std::string(text());
      case Type::number:
        return decimal();
      case Type::binary:
        return Binary{std::string(text())};
      case Type::boolean:
        return byte() != 0;
      case Type::null:
        return Null();
      case Type::map:
        return attributes(depth + 1);
      case Type::list:
        return list(depth + 1);
      case Type::string_set:
        return set<std::string>([this] { return std::string(text()); });
      case Type::number_set:
        return set<Decimal>([this] { return decimal(); });
      case Type::binary_set:
        return set<Binary>([this] { return Binary{std::string(text())}; });
    }
    failed = true;
    return Null();
  }
};

}  // namespace

std::string store_attributes(const Attributes& attributes) {
  std::string bytes(1, stored_version);
  bytes.reserve(item_bytes(attributes) + 64);
  AttributeWriter{bytes}.attributes(attributes);
  return bytes;
}

Result<Attributes> load_attributes(std::string_view bytes) {
  AttributeReader reader{{bytes}};
  const bool is_ours = reader.byte() == stored_version;
  Attributes attributes = reader.attributes(0);
  if (!is_ours || reader.failed || !reader.rest.empty()) return fail(corrupt_item());
  return attributes;
}

}  // namespace outcrop::dynamodb
