// One JSON value for the whole house. Members keep their order and numbers their text, so what a customer
// sent comes back as it was. 16 bytes a value; texts of up to 14 bytes, which includes most numbers and
// names, need no allocation.
#pragma once
#include <concepts>
#include <cstdint>
#include <cstring>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "json/limits.h"

namespace outcrop::json {

class Value;
class Object;
using Array = std::vector<Value>;

enum class Kind : uint8_t { null, boolean, number, string, array, object };

class Value {
 public:
  Value() noexcept : Value(nullptr) {}
  Value(std::nullptr_t) noexcept { set_kind(Kind::null); }
  template <std::same_as<bool> B>
  Value(B truth) noexcept {
    set_kind(Kind::boolean);
    bytes_[0] = truth;
  }
  template <std::integral I>
    requires(!std::same_as<I, bool> && !std::same_as<I, char>)
  Value(I number) {
    if constexpr (std::signed_integral<I>)
      set_signed(number);
    else
      set_unsigned(number);
  }
  Value(double number);  // the shortest text that gives it back; NaN and infinities, which JSON lacks, become null
  Value(std::string_view text) { set_text(Kind::string, text); }  // UTF-8
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(Array elements);
  Value(Object members);

  // A number of this text, which must be one by JSON's grammar (checked).
  static Value number(std::string_view text);
  static Value array();
  static Value object();

  Value(const Value& other);
  Value(Value&& other) noexcept { take(other); }
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    Value old;  // ends last: `other` may be part of what this value holds
    old.take(*this);
    take(other);
    return *this;
  }
  ~Value() {
    if (owns_memory()) release();
  }

  Kind kind() const { return Kind(bytes_[15]); }
  bool is_null() const { return kind() == Kind::null; }
  bool is_bool() const { return kind() == Kind::boolean; }
  bool is_number() const { return kind() == Kind::number; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // These check() the kind.
  bool as_bool() const;
  std::string_view as_string() const {  // valid until this value changes, moves or ends
    check(is_string(), "a JSON value is no string");
    return text();
  }
  std::string_view number_text() const {  // likewise
    check(is_number(), "a JSON value is no number");
    return text();
  }
  const Array& as_array() const;
  Array& as_array();
  const Object& as_object() const;
  Object& as_object();

  // The number, exactly: 1.0 and 1e2 are integers, 1.5 is none. None for other kinds and out of range.
  std::optional<int64_t> as_int64() const;
  std::optional<uint64_t> as_uint64() const;
  // The nearest double; none for other kinds and beyond a double's range.
  std::optional<double> as_double() const;

  // The member of that name; null when there is none or this is no object.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);

  // Same kind and content; members in any order, numbers by what they are worth.
  friend bool operator==(const Value& a, const Value& b);

 private:
  friend class Reader;

  void set_kind(Kind kind) { bytes_[15] = uint8_t(kind); }
  void set_text(Kind kind, std::string_view text);
  void set_signed(int64_t number);
  void set_unsigned(uint64_t number);
  std::string_view text() const {
    if (owns_memory()) return {at<const char*>(0), at<uint32_t>(8)};
    return {reinterpret_cast<const char*>(bytes_), bytes_[14]};
  }
  bool owns_memory() const { return bytes_[14] == 255; }
  void take(Value& other) noexcept {
    std::memcpy(bytes_, other.bytes_, sizeof bytes_);
    other.bytes_[14] = 0;
    other.set_kind(Kind::null);
  }
  void release() noexcept;
  static void release_nested(Value* from, Array& pending);

  template <class T>
  T at(size_t offset) const {
    T value;
    std::memcpy(&value, bytes_ + offset, sizeof value);
    return value;
  }
  template <class T>
  void put(size_t offset, T value) {
    std::memcpy(bytes_ + offset, &value, sizeof value);
  }

  // [0,14) the text itself, or a pointer [0,8) and the size of a long text [8,12); [14] the length of an inline
  // text, or 255 when memory is owned; [15] the kind. An empty array or object has a null pointer until something is added.
  alignas(8) uint8_t bytes_[16] = {};
};

class Member {
 public:
  Member(std::string_view name, Value value) : value(std::move(value)), name_(name) {}
  std::string_view name() const { return name_.as_string(); }

  Value value;

 private:
  Value name_;
};

// Members in the order they came. A name occurs once: setting it again replaces its value where it stands.
class Object {
 public:
  Object() = default;
  Object(std::initializer_list<Member> members);
  explicit Object(std::vector<Member> members);  // of members of one name the last value counts, in the first one's place

  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  bool contains(std::string_view name) const { return find(name) != nullptr; }

  Value& set(std::string_view name, Value value);
  // The value of that name, null and added at the end when there was none.
  Value& operator[](std::string_view name);
  bool erase(std::string_view name);

  size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  void reserve(size_t members) { members_.reserve(members); }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }
  auto begin() { return members_.begin(); }
  auto end() { return members_.end(); }

 private:
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t position(std::string_view name) const;
  void index_member(uint32_t position);
  void rebuild_index();

  std::vector<Member> members_;
  std::vector<uint32_t> index_;  // positions by hash of the name, open addressing; empty while there are few members
};

struct ParseError {
  size_t offset = 0;            // bytes from the start
  size_t line = 1, column = 1;  // column in bytes
  std::string problem;          // "a control character in a string"
  std::string message() const;  // "line 3, column 14: a control character in a string"
};

struct ParseLimits {
  size_t depth = depth_max;  // at most depth_max
  size_t values = SIZE_MAX;  // values in all; bounds memory where the text is not trusted (up to ~30 bytes a byte of text)
};

// Strict RFC 8259 (reader.h says how). The whole text must be one value.
std::expected<Value, ParseError> parse(std::string_view text, ParseLimits limits = {});

// Compact: no spaces.
std::string write(const Value& value);
void write(const Value& value, std::string& out);
// Two spaces a level, one member or element a line.
std::string write_pretty(const Value& value);

}  // namespace outcrop::json
