#include "services/dynamodb/value/decimal.h"

#include <algorithm>
#include <charconv>

namespace outcrop::dynamodb {

namespace {

constexpr size_t decimal_digits_max = 38;
// Of 0.DIGITS × 10^exponent: 9.99…E+125 and 1E-130.
constexpr int decimal_exponent_max = 126, decimal_exponent_min = -129;
// Of what a text may say: beyond, the number is too large or too small however many digits stand before.
constexpr int64_t written_exponent_max = 1'000'000;

Fault no_number(std::string_view text) {
  return {"ValidationException", 400,
          "The parameter cannot be converted to a numeric value" + (text.empty() ? "" : ": " + std::string(text))};
}

Fault too_precise() { return {"ValidationException", 400, "Attempting to store more than 38 significant digits in a Number"}; }
Fault too_large() {
  return {"ValidationException", 400, "Number overflow. Attempting to store a number with magnitude larger than supported range"};
}
Fault too_small() {
  return {"ValidationException", 400, "Number underflow. Attempting to store a number with magnitude smaller than supported range"};
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// A text taken from its front.
struct DecimalText {
  std::string_view rest;

  bool take(char letter) {
    if (!rest.starts_with(letter)) return false;
    rest.remove_prefix(1);
    return true;
  }
  std::string_view digits() {
    const size_t end = size_t(std::ranges::find_if_not(rest, is_digit) - rest.begin());
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end);
    return taken;
  }
};

int64_t exponent_of(bool negative, std::string_view digits) {
  int64_t exponent = written_exponent_max;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error != std::errc()) exponent = written_exponent_max;
  exponent = std::min(exponent, written_exponent_max);
  return negative ? -exponent : exponent;
}

// a + b, or a - b when `minus`, of digits that stand below each other; a is not less than b then. The first digit is the carry.
std::string column_sum(std::string_view a, std::string_view b, bool minus) {
  std::string sum(a.size() + 1, '0');
  int carry = 0;
  for (size_t i = a.size(); i-- > 0;) {
    const int x = a[i] - '0', y = (b[i] - '0') * (minus ? -1 : 1);
    int digit = x + y + carry;
    carry = digit < 0 ? -1 : digit / 10;
    digit -= 10 * carry;
    sum[i + 1] = char('0' + digit);
  }
  sum[0] = char('0' + carry);
  return sum;
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
  DecimalText at{text};
  const bool negative = at.take('-');
  if (!negative) at.take('+');
  const std::string_view whole = at.digits();
  const std::string_view fraction = at.take('.') ? at.digits() : std::string_view();
  if (whole.empty() && fraction.empty()) return fail(no_number(text));
  int64_t exponent = 0;
  if (at.take('e') || at.take('E')) {
    const bool exponent_negative = at.take('-');
    if (!exponent_negative) at.take('+');
    const std::string_view digits = at.digits();
    if (digits.empty()) return fail(no_number(text));
    exponent = exponent_of(exponent_negative, digits);
  }
  if (!at.rest.empty()) return fail(no_number(text));
  return normalised(negative, exponent + int64_t(whole.size()), std::string(whole).append(fraction));
}

Result<Decimal> Decimal::normalised(bool negative, int64_t exponent, std::string digits) {
  digits.erase(digits.find_last_not_of('0') + 1);
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  digits.erase(0, first);
  if (digits.empty()) return Decimal();
  exponent -= int64_t(first);
  if (digits.size() > decimal_digits_max) return fail(too_precise());
  if (exponent > decimal_exponent_max) return fail(too_large());
  if (exponent < decimal_exponent_min) return fail(too_small());
  return Decimal(negative, int(exponent), std::move(digits));
}

std::string Decimal::text() const {
  if (is_zero()) return "0";
  std::string text = negative_ ? "-" : "";
  if (exponent_ <= 0) return text.append("0.").append(size_t(-exponent_), '0').append(digits_);
  const size_t whole = size_t(exponent_);
  if (digits_.size() <= whole) return text.append(digits_).append(whole - digits_.size(), '0');
  return text.append(digits_, 0, whole).append(".").append(digits_, whole);
}

std::strong_ordering Decimal::compare_magnitude(const Decimal& a, const Decimal& b) {
  if (a.is_zero() || b.is_zero()) return !a.is_zero() <=> !b.is_zero();
  if (a.exponent_ != b.exponent_) return a.exponent_ <=> b.exponent_;
  return a.digits_ <=> b.digits_;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (negative_ != other.negative_) return other.negative_ <=> negative_;
  return negative_ ? compare_magnitude(other, *this) : compare_magnitude(*this, other);
}

Result<Decimal> Decimal::add(const Decimal& a, const Decimal& b) { return sum(a, b, b.negative_); }
Result<Decimal> Decimal::subtract(const Decimal& a, const Decimal& b) { return sum(a, b, !b.negative_); }

Result<Decimal> Decimal::sum(const Decimal& a, const Decimal& b, bool b_negative) {
  if (b.is_zero()) return a;
  if (a.is_zero()) return Decimal(b_negative, b.exponent_, b.digits_);
  const int top = std::max(a.exponent_, b.exponent_);
  auto padded = [top](const Decimal& number) { return std::string(size_t(top - number.exponent_), '0') + number.digits_; };
  std::string x = padded(a), y = padded(b);
  const size_t width = std::max(x.size(), y.size());
  x.resize(width, '0');
  y.resize(width, '0');
  if (a.negative_ == b_negative) return normalised(a.negative_, top + 1, column_sum(x, y, false));
  if (x < y) return normalised(b_negative, top + 1, column_sum(y, x, true));
  return normalised(a.negative_, top + 1, column_sum(x, y, true));
}

// A byte for the sign, one for the exponent, then two digits a byte, plus one so that the end, a zero byte, sorts before more digits; all
// bytes inverted when it is negative.
std::string Decimal::sortable() const {
  if (is_zero()) return std::string(1, char(0x80));
  std::string magnitude(1, char(exponent_ - decimal_exponent_min));
  for (size_t i = 0; i < digits_.size(); i += 2) {
    const int tens = digits_[i] - '0', ones = i + 1 < digits_.size() ? digits_[i + 1] - '0' : 0;
    magnitude += char(10 * tens + ones + 1);
  }
  magnitude += '\0';
  if (negative_) {
    for (char& byte : magnitude) byte = char(~byte);
  }
  return std::string(1, char(negative_ ? 0x7f : 0x81)) + magnitude;
}

std::optional<Decimal> Decimal::from_sortable(std::string_view bytes) {
  if (bytes == std::string_view("\x80", 1)) return Decimal();
  constexpr size_t bytes_min = 4, pairs_max = (decimal_digits_max + 1) / 2;
  if (bytes.size() < bytes_min || bytes.size() > bytes_min - 1 + pairs_max) return std::nullopt;
  const bool negative = bytes.front() == char(0x7f);
  if (!negative && bytes.front() != char(0x81)) return std::nullopt;
  auto byte = [&](size_t i) { return int(uint8_t(negative ? ~bytes[i] : bytes[i])); };
  if (byte(bytes.size() - 1) != 0) return std::nullopt;
  std::string digits;
  for (size_t i = 2; i + 1 < bytes.size(); ++i) {
    const int pair = byte(i) - 1;
    if (pair < 0 || pair > 99) return std::nullopt;
    digits += char('0' + pair / 10);
    digits += char('0' + pair % 10);
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.empty() || digits.front() == '0') return std::nullopt;
  return Decimal(negative, byte(1) + decimal_exponent_min, std::move(digits));
}

size_t Decimal::item_bytes() const {
  if (is_zero()) return 1;
  // Pairs of digits as they stand about the point: a number of 3 digits before it begins with half a pair.
  const int odd = ((exponent_ % 2) + 2) % 2;
  return 1 + (digits_.size() + size_t(odd) + 1) / 2 + (negative_ ? 1 : 0);
}

}  // namespace outcrop::dynamodb
