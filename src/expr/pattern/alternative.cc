#include "expr/pattern/alternative.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace outcrop::expr {
namespace {

constexpr size_t exact_digits = 15;  // decimal digits that every double keeps

// What a number's text says exactly: 0.<digits> times ten to the exponent, without zeros around the digits.
struct Decimal {
  std::string digits;
  int64_t exponent = 0;

  bool operator==(const Decimal&) const = default;
};

// Of the absolute value. The exponent must be one that a double could have.
Decimal decimal_of(std::string_view text) {
  Decimal decimal;
  const size_t e = text.find_first_of("eE");
  for (bool behind_point = false; char c : text.substr(0, e)) {
    if (c == '.') behind_point = true;
    if (c < '0' || c > '9') continue;
    if (decimal.digits.empty() && c == '0') {
      decimal.exponent -= behind_point;
      continue;
    }
    decimal.digits += c;
    decimal.exponent += !behind_point;
  }
  if (e != text.npos) {
    std::string_view written = text.substr(e + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    int64_t exponent = 0;
    std::from_chars(written.data(), written.data() + written.size(), exponent);
    decimal.exponent += exponent;
  }
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  if (decimal.digits.empty()) decimal.exponent = 0;
  return decimal;
}

bool applies(const AnyValue&, const EventScalar&) { return true; }

bool applies(const Literal& literal, const EventScalar& scalar) { return scalar.kind() == literal.kind && scalar.text() == literal.text; }

bool applies(const NumberRange& range, const EventScalar& scalar) {
  auto number = scalar.number();
  if (!number) return false;
  return (range.from_open ? *number > range.from : *number >= range.from) && (range.to_open ? *number < range.to : *number <= range.to);
}

bool applies(const AddressBlock& block, const EventScalar& scalar) {
  auto address = scalar.address();
  return address && block.contains(*address);
}

bool applies(const TextPart& wanted, const EventScalar& scalar) {
  if (!scalar.is_string()) return false;
  switch (wanted.part) {
    case Part::prefix:
      return scalar.text().starts_with(wanted.text);
    case Part::suffix:
      return scalar.text().ends_with(wanted.text);
    case Part::whole:
      break;
  }
  return scalar.text() == wanted.text;
}

bool applies(const AnyCasePart& wanted, const EventScalar& scalar) {
  if (!scalar.is_string()) return false;
  switch (wanted.part) {
    case Part::prefix:
      return wanted.text.begins(scalar.text());
    case Part::suffix:
      return wanted.text.ends(scalar.text());
    case Part::whole:
      break;
  }
  return wanted.text.equals(scalar.text());
}

bool applies(const Wildcard& wildcard, const EventScalar& scalar) { return scalar.is_string() && wildcard.matches(scalar.text()); }

}  // namespace

std::optional<double> comparable_number(std::string_view text) {
  double number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  // Out of range is also what is too small for a double, which is no number that can be compared either.
  if (problem != std::errc() || !std::isfinite(number)) return std::nullopt;
  const bool is_short = text.size() <= exact_digits && text.find_first_of("eE") == text.npos;
  if (is_short || decimal_of(text) == decimal_of(json::Value(number).number_text())) return number;
  return std::nullopt;
}

std::string_view EventScalar::text() const {
  switch (value_.kind()) {
    case json::Kind::string:
      return value_.as_string();
    case json::Kind::number:
      return value_.number_text();
    case json::Kind::boolean:
      return value_.as_bool() ? "true" : "false";
    default:
      return "null";
  }
}

std::optional<double> EventScalar::number() const {
  if (!number_) number_ = value_.is_number() ? comparable_number(value_.number_text()) : std::nullopt;
  return *number_;
}

std::optional<Address> EventScalar::address() const {
  if (!address_) address_ = value_.is_string() ? parse_address(value_.as_string()) : std::nullopt;
  return *address_;
}

bool Alternative::matches(const EventScalar& scalar) const {
  if (operands.empty()) return false;  // anything but an empty list is nothing, as in AWS's engine
  const bool one = std::ranges::any_of(
      operands, [&](const Operand& operand) { return std::visit([&](const auto& wanted) { return applies(wanted, scalar); }, operand); });
  return one != anything_but;
}

}  // namespace outcrop::expr
