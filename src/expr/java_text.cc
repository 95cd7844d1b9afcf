#include "expr/java_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace outcrop::expr {
namespace {

// "1.2345" of digits "12345" and 1 before the point.
std::string with_point(std::string_view digits, size_t before) {
  std::string out(digits.substr(0, before));
  out.append(before > digits.size() ? before - digits.size() : 0, '0');
  out += '.';
  out += digits.size() > before ? digits.substr(before) : "0";
  return out;
}

}  // namespace

// From 10^-3 up to 10^7 plainly, otherwise with an exponent; one digit at least behind the point.
std::string java_double(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  const std::string sign = std::signbit(number) ? "-" : "";
  if (number == 0) return sign + "0.0";
  char written[32];
  const auto end = std::to_chars(written, written + sizeof written, std::fabs(number), std::chars_format::scientific).ptr;
  const std::string_view text(written, size_t(end - written));
  const size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  std::from_chars(written + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);
  if (exponent >= 7 || exponent < -3) return fmt::format("{}{}E{}", sign, with_point(digits, 1), exponent);
  if (exponent >= 0) return sign + with_point(digits, size_t(exponent) + 1);
  return fmt::format("{}0.{}{}", sign, std::string(size_t(-exponent - 1), '0'), digits);
}

void append_java_text(std::string& out, const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::string:
      out += value.as_string();
      return;
    case json::Kind::number:
      out += value.number_text().find_first_of(".eE") == std::string_view::npos ? std::string(value.number_text())
                                                                                : java_double(value.as_double().value_or(INFINITY));
      return;
    case json::Kind::array: {
      std::string_view separator = "[";
      for (const json::Value& element : value.as_array()) {
        out += std::exchange(separator, ", ");
        append_java_text(out, element);
      }
      out += value.as_array().empty() ? "[]" : "]";
      return;
    }
    case json::Kind::object: {
      std::string_view separator = "{";
      for (const json::Member& member : value.as_object()) {
        out += std::exchange(separator, ", ");
        out += member.name();
        out += '=';
        append_java_text(out, member.value);
      }
      out += value.as_object().empty() ? "{}" : "}";
      return;
    }
    default:
      out += json::write(value);
  }
}

std::string java_text(const json::Value& value) {
  std::string out;
  append_java_text(out, value);
  return out;
}

}  // namespace outcrop::expr
