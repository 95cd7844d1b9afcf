// One alternative of a field of an event pattern, asked of one value of an event: "exact", {"prefix": …}, {"numeric": …}.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "expr/pattern/address.h"
#include "expr/pattern/any_case.h"
#include "expr/pattern/wildcard.h"
#include "json/json.h"

namespace outcrop::expr {

// The number as AWS compares it, an IEEE double: none when the text says more than the shortest decimal that gives the double
// ("Cannot compare number").
std::optional<double> comparable_number(std::string_view text);

// A value of an event that is no container, with what alternatives need to know of it found out once.
class EventScalar {
 public:
  explicit EventScalar(const json::Value& value) : value_(value) {}

  json::Kind kind() const { return value_.kind(); }
  bool is_string() const { return value_.is_string(); }
  std::string_view text() const;  // of a string its content; of others what JSON writes
  std::optional<double> number() const;
  std::optional<Address> address() const;

 private:
  const json::Value& value_;
  mutable std::optional<std::optional<double>> number_;
  mutable std::optional<std::optional<Address>> address_;
};

struct AnyValue {};
struct Literal {
  json::Kind kind;
  std::string text;
};
struct NumberRange {  // from and to are in it unless open
  double from, to;
  bool from_open = false, to_open = false;
};
enum class Part : uint8_t { whole, prefix, suffix };
struct TextPart {
  Part part;
  std::string text;
};
struct AnyCasePart {
  Part part;
  AnyCaseText text;
};
using Operand = std::variant<AnyValue, Literal, NumberRange, AddressBlock, TextPart, AnyCasePart, Wildcard>;

// Satisfied by a value that is what one of the operands says; of anything-but, by one that is none of them.
struct Alternative {
  std::vector<Operand> operands;
  bool anything_but = false;

  bool matches(const EventScalar& scalar) const;
};

}  // namespace outcrop::expr
