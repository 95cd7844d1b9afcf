#include "services/cloudwatch-logs/filter/condition.h"

#include <charconv>

#include "services/cloudwatch-logs/filter/characters.h"

namespace outcrop::cloudwatch_logs {
namespace {

// An asterisk stands for any text before or behind; one in between is a character.
bool matches_with_asterisks(std::string_view pattern, std::string_view text) {
  const bool any_before = pattern.starts_with('*');
  if (any_before) pattern.remove_prefix(1);
  const bool any_behind = pattern.ends_with('*');
  if (any_behind) pattern.remove_suffix(1);
  if (any_before && any_behind) return text.contains(pattern);
  if (any_before) return text.ends_with(pattern) || pattern.empty();
  if (any_behind) return text.starts_with(pattern);
  return text == pattern;
}

bool equals(const Literal& literal, std::string_view text, std::optional<double> number) {
  if (literal.expression) return literal.expression->matches(text);
  if (literal.number && number) return *literal.number == *number;
  return matches_with_asterisks(literal.text, text);
}

}  // namespace

bool compare(Comparison comparison, const Literal& literal, std::string_view text, std::optional<double> number) {
  if (comparison == Comparison::equal) return equals(literal, text, number);
  if (comparison == Comparison::not_equal) return !equals(literal, text, number);
  if (!literal.number || !number) return false;
  switch (comparison) {
    case Comparison::less:
      return *number < *literal.number;
    case Comparison::less_equal:
      return *number <= *literal.number;
    case Comparison::greater:
      return *number > *literal.number;
    case Comparison::greater_equal:
      return *number >= *literal.number;
    default:
      return false;
  }
}

std::optional<double> number_of(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  const std::string_view digits = text.substr(text.starts_with('-'));
  if (digits.empty() || !(ascii_digit(digits[0]) || digits[0] == '.')) return std::nullopt;  // neither inf nor nan
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace outcrop::cloudwatch_logs
