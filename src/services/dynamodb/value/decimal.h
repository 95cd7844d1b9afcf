// Decimal: DynamoDB's number: up to 38 significant digits, exactly, from 1E-130 to 9.99…E+125 and their negatives (Developer Guide,
// "Supported data types and naming rules": Numbers). No binary floating point comes near it.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::dynamodb {

class Decimal {
 public:
  Decimal() = default;  // 0

  // "12", "-0.5e+3", "+.7": a sign, digits with at most one point, an exponent. Faults, each a ValidationException 400 in DynamoDB's
  // words: no number, more than 38 significant digits, too large, too small.
  static Result<Decimal> parse(std::string_view text);

  // Plain digits without an exponent and without zeros that say nothing: "-500", "0.00012".
  std::string text() const;

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const = default;

  bool is_negative() const { return negative_; }
  bool is_zero() const { return digits_.empty(); }

  // Faults as parse() when the exact result has more than 38 digits or is too large.
  static Result<Decimal> add(const Decimal& a, const Decimal& b);
  static Result<Decimal> subtract(const Decimal& a, const Decimal& b);

  // Bytes that sort as the numbers do, for keys: at most 22, none of them a prefix of another's.
  std::string sortable() const;
  // None of bytes that sortable() cannot have given.
  static std::optional<Decimal> from_sortable(std::string_view bytes);

  // How many bytes it counts in an item: about one for two digits, and one more (Developer Guide, "DynamoDB item sizes and formats").
  size_t item_bytes() const;

 private:
  Decimal(bool negative, int exponent, std::string digits) : negative_(negative), exponent_(exponent), digits_(std::move(digits)) {}
  static Result<Decimal> normalised(bool negative, int64_t exponent, std::string digits);
  static std::strong_ordering compare_magnitude(const Decimal& a, const Decimal& b);
  static Result<Decimal> sum(const Decimal& a, const Decimal& b, bool b_negative);

  // 0.DIGITS × 10^exponent; neither the first digit nor the last is 0; "" for zero, which is never negative.
  bool negative_ = false;
  int exponent_ = 0;
  std::string digits_;
};

}  // namespace outcrop::dynamodb
