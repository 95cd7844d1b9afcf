// The storage of json::Value and what its numbers are worth.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "json/json.h"

namespace outcrop::json {

namespace {

constexpr size_t inline_text_max = 14;
constexpr uint8_t owning = 255;  // in bytes_[14]

struct ExactInteger {
  bool negative = false;
  uint64_t magnitude = 0;
};

// Appends the digit `digit` after `zeros` zeros; false when it no longer fits.
bool append_digits(uint64_t& magnitude, size_t zeros, unsigned digit) {
  if (magnitude != 0 && zeros > 20) return false;
  for (; magnitude != 0 && zeros > 0; --zeros)
    if (__builtin_mul_overflow(magnitude, 10, &magnitude)) return false;
  return !__builtin_mul_overflow(magnitude, 10, &magnitude) && !__builtin_add_overflow(magnitude, digit, &magnitude);
}

// What a number's text is worth when that is an integer of at most 64 bits: "100", "1.0", "1.2e3".
std::optional<ExactInteger> exact_integer(std::string_view text) {
  ExactInteger number{.negative = text.starts_with('-')};
  if (number.negative) text.remove_prefix(1);
  size_t exponent_at = text.find_first_of("eE");
  int64_t exponent = 0;
  if (exponent_at != text.npos) {
    std::string_view digits = text.substr(exponent_at + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc() || std::abs(exponent) > INT32_MAX) exponent = digits.starts_with('-') ? INT32_MIN : INT32_MAX;
  }
  int64_t fraction_digits = 0;
  size_t zeros = 0;  // not yet appended: they may turn out to be the end
  bool in_fraction = false;
  for (char c : text.substr(0, exponent_at)) {
    if (c == '.') {
      in_fraction = true;
      continue;
    }
    fraction_digits += in_fraction;
    if (c == '0') {
      ++zeros;
    } else {
      if (!append_digits(number.magnitude, zeros, unsigned(c - '0'))) return std::nullopt;
      zeros = 0;
    }
  }
  if (number.magnitude == 0) return ExactInteger{};
  int64_t scale = exponent - fraction_digits + int64_t(zeros);
  if (scale < 0 || scale > 20) return std::nullopt;
  for (; scale > 0; --scale)
    if (__builtin_mul_overflow(number.magnitude, 10, &number.magnitude)) return std::nullopt;
  return number;
}

// JSON's grammar of numbers.
bool is_number_text(std::string_view text) {
  size_t i = 0;
  auto digits = [&] {
    size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  size_t integer_at = i, integer_digits = digits();
  if (integer_digits == 0 || (integer_digits > 1 && text[integer_at] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

}  // namespace

Value::Value(double number) {
  if (!std::isfinite(number)) return;  // null, as ECMAScript writes them
  char text[32];
  auto [end, error] = std::to_chars(text, text + sizeof text, number);
  set_text(Kind::number, std::string_view(text, end));
}

void Value::set_signed(int64_t number) {
  char text[24];
  auto [end, error] = std::to_chars(text, text + sizeof text, number);
  set_text(Kind::number, std::string_view(text, end));
}

void Value::set_unsigned(uint64_t number) {
  char text[24];
  auto [end, error] = std::to_chars(text, text + sizeof text, number);
  set_text(Kind::number, std::string_view(text, end));
}

void Value::set_text(Kind kind, std::string_view text) {
  if (text.size() <= inline_text_max) {
    if (!text.empty()) std::memcpy(bytes_, text.data(), text.size());
    bytes_[14] = uint8_t(text.size());
  } else {
    check(text.size() <= text_bytes_max, "a JSON text above 4 GiB");
    char* copy = new char[text.size()];
    std::memcpy(copy, text.data(), text.size());
    put(0, copy);
    put(8, uint32_t(text.size()));
    bytes_[14] = owning;
  }
  set_kind(kind);
}

Value Value::number(std::string_view text) {
  check(is_number_text(text), "not a JSON number");
  Value value;
  value.set_text(Kind::number, text);
  return value;
}

Value Value::array() {
  Value value;
  value.set_kind(Kind::array);
  return value;
}

Value Value::object() {
  Value value;
  value.set_kind(Kind::object);
  return value;
}

Value::Value(Array elements) {
  set_kind(Kind::array);
  if (!elements.empty()) as_array() = std::move(elements);
}

Value::Value(Object members) {
  set_kind(Kind::object);
  if (!members.empty()) as_object() = std::move(members);
}

Value::Value(const Value& other) {
  if (!other.owns_memory()) {
    std::memcpy(bytes_, other.bytes_, sizeof bytes_);
  } else if (other.is_array()) {
    set_kind(Kind::array);
    as_array() = other.as_array();
  } else if (other.is_object()) {
    set_kind(Kind::object);
    as_object() = other.as_object();
  } else {
    set_text(other.kind(), other.text());
  }
}

Value& Value::operator=(const Value& other) {
  if (this != &other) *this = Value(other);
  return *this;
}

bool Value::as_bool() const {
  check(is_bool(), "a JSON value is no boolean");
  return bytes_[0] != 0;
}

const Array& Value::as_array() const {
  check(is_array(), "a JSON value is no array");
  static const Array nothing;
  return owns_memory() ? *at<const Array*>(0) : nothing;
}

Array& Value::as_array() {
  check(is_array(), "a JSON value is no array");
  if (!owns_memory()) {
    put(0, new Array);
    bytes_[14] = owning;
  }
  return *at<Array*>(0);
}

const Object& Value::as_object() const {
  check(is_object(), "a JSON value is no object");
  static const Object nothing;
  return owns_memory() ? *at<const Object*>(0) : nothing;
}

Object& Value::as_object() {
  check(is_object(), "a JSON value is no object");
  if (!owns_memory()) {
    put(0, new Object);
    bytes_[14] = owning;
  }
  return *at<Object*>(0);
}

std::optional<int64_t> Value::as_int64() const {
  if (!is_number()) return std::nullopt;
  std::optional<ExactInteger> exact = exact_integer(text());
  if (!exact || exact->magnitude > uint64_t(INT64_MAX) + exact->negative) return std::nullopt;
  return int64_t(exact->negative ? 0 - exact->magnitude : exact->magnitude);
}

std::optional<uint64_t> Value::as_uint64() const {
  if (!is_number()) return std::nullopt;
  std::optional<ExactInteger> exact = exact_integer(text());
  if (!exact || exact->negative) return std::nullopt;
  return exact->magnitude;
}

std::optional<double> Value::as_double() const {
  if (!is_number()) return std::nullopt;
  std::string_view digits = text();
  double number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc()) return number;
  number = std::strtod(std::string(digits).c_str(), nullptr);  // tells what is too great from what is nearly zero
  if (std::isinf(number)) return std::nullopt;
  return number;
}

const Value* Value::find(std::string_view name) const { return is_object() ? as_object().find(name) : nullptr; }
Value* Value::find(std::string_view name) { return is_object() && owns_memory() ? as_object().find(name) : nullptr; }

// Nested containers are moved to a list before their parent ends, so depth costs no stack.
void Value::release() noexcept {
  if (is_string() || is_number()) {
    delete[] at<char*>(0);
    return;
  }
  Array pending;
  release_nested(this, pending);
  while (!pending.empty()) {
    Value next = std::move(pending.back());
    pending.pop_back();
    release_nested(&next, pending);
    next.bytes_[14] = 0;
    next.set_kind(Kind::null);
  }
}

void Value::release_nested(Value* from, Array& pending) {
  auto keep_containers = [&](Value& nested) {
    if (nested.owns_memory() && nested.kind() >= Kind::array) pending.push_back(std::move(nested));
  };
  if (from->is_array()) {
    for (Value& element : from->as_array()) keep_containers(element);
    delete from->at<Array*>(0);
  } else {
    for (Member& member : from->as_object()) keep_containers(member.value);
    delete from->at<Object*>(0);
  }
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return a.as_bool() == b.as_bool();
    case Kind::string:
      return a.text() == b.text();
    case Kind::array:
      return a.as_array() == b.as_array();
    case Kind::object: {
      const Object& ours = a.as_object();
      const Object& theirs = b.as_object();
      if (ours.size() != theirs.size()) return false;
      for (const Member& member : ours) {
        const Value* other = theirs.find(member.name());
        if (!other || !(*other == member.value)) return false;
      }
      return true;
    }
    case Kind::number:
      break;
  }
  if (a.text() == b.text()) return true;
  std::optional<ExactInteger> x = exact_integer(a.text()), y = exact_integer(b.text());
  if (x && y) return x->negative == y->negative && x->magnitude == y->magnitude;
  if (x || y) return false;
  std::optional<double> p = a.as_double(), q = b.as_double();
  return p && q && *p == *q;
}

}  // namespace outcrop::json
