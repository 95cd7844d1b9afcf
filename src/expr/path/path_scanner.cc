#include "expr/path/path_scanner.h"

#include <fmt/format.h>

#include <charconv>

#include "expr/text.h"

namespace outcrop::expr {
namespace {

constexpr int64_t exact_integer_max = 9007199254740991;  // RFC 9535 2.1: of I-JSON, 2^53 - 1

// Behind a dot Jayway takes what ends no name: "$.detail-type", "$.@id". RFC 9535 takes less.
bool ends_name(char c) { return uint8_t(c) <= ' ' || uint8_t(c) == 0x7f || std::string_view("\"'`.,;[](){}<>=!?*/\\|&~+%^").contains(c); }

}  // namespace

bool PathScanner::refuse(std::string_view problem) {
  if (problem_.empty()) problem_ = fmt::format("position {}: {}", at_, problem);
  return false;
}

void PathScanner::pass_space() {
  while (!at_end() && std::string_view(" \t\r\n").contains(text_[at_])) ++at_;
}

bool PathScanner::take(std::string_view token) {
  if (!text_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  return true;
}

std::string_view PathScanner::take_word() {
  const size_t from = at_;
  if (!is_lower(peek())) return {};
  while (!at_end() && (is_lower(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_')) ++at_;
  return text_.substr(from, at_ - from);
}

std::string_view PathScanner::take_name() {
  const size_t from = at_;
  while (!at_end() && !ends_name(text_[at_])) ++at_;
  return text_.substr(from, at_ - from);
}

std::optional<std::string> PathScanner::take_string() {
  const char quote = peek();
  pass();
  std::string out;
  while (!at_end() && peek() != quote) {
    if (uint8_t(peek()) < ' ') return refuse("a control character in a string"), std::nullopt;
    if (peek() != '\\')
      out += text_[at_++];
    else if (!take_escape(quote, out))
      return std::nullopt;
  }
  if (at_end()) return refuse("a string without its closing quote"), std::nullopt;
  pass();
  return out;
}

bool PathScanner::take_escape(char quote, std::string& to) {
  constexpr std::string_view names = "bfnrt/\\", characters = "\b\f\n\r\t/\\";
  const char name = peek(1);
  if (name == 'u') {
    pass(2);
    auto unit = take_hex4();
    if (!unit || is_low_surrogate(*unit)) return refuse("an escape that stands for no character");
    if (!is_high_surrogate(*unit)) return append_utf8(to, *unit), true;
    auto low = take("\\u") ? take_hex4() : std::nullopt;
    if (!low || !is_low_surrogate(*low)) return refuse("an escape that stands for no character");
    return append_utf8(to, joined_surrogates(*unit, *low)), true;
  }
  const size_t known = names.find(name);
  if (name == '\0' || (known == names.npos && name != quote)) return refuse("an unknown escape");
  to += name == quote ? quote : characters[known];
  pass(2);
  return true;
}

std::optional<uint32_t> PathScanner::take_hex4() {
  uint32_t unit = 0;
  const std::string_view digits = text_.substr(at_, 4);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4) return std::nullopt;
  pass(4);
  return unit;
}

std::optional<int64_t> PathScanner::take_integer() {
  const size_t from = at_;
  take("-");
  const size_t digits = at_;
  while (is_digit(peek())) pass();
  const std::string_view text = text_.substr(from, at_ - from);
  const bool is_canonical = at_ > digits && (text_[digits] != '0' || text == "0");
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (is_canonical && error == std::errc() && value <= exact_integer_max && value >= -exact_integer_max) return value;
  at_ = from;
  return refuse("an integer is expected"), std::nullopt;
}

std::optional<json::Value> PathScanner::take_number() {
  const size_t from = at_;
  while (is_digit(peek()) || (peek() != '\0' && std::string_view("+-.eE").contains(peek()))) pass();
  auto number = json::parse(text_.substr(from, at_ - from));
  if (number && number->is_number()) return std::move(*number);
  at_ = from;
  return refuse("a number is malformed"), std::nullopt;
}

std::optional<PathScanner::Expression> PathScanner::take_expression() {
  if (!take("/")) return refuse("a regular expression is expected"), std::nullopt;
  Expression expression;
  while (!at_end() && peek() != '/') {
    if (peek() == '\\' && peek(1) != '/')
      expression.text += text_[at_++];
    else if (peek() == '\\')
      pass();
    if (!at_end()) expression.text += text_[at_++];
  }
  if (!take("/")) return refuse("a regular expression without its closing slash"), std::nullopt;
  expression.ignore_case = take("i");
  return expression;
}

}  // namespace outcrop::expr
