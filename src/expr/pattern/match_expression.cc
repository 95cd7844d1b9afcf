#include "expr/pattern/match_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace outcrop::expr {

using json::Token;

namespace {

constexpr std::string_view one_key = "Only one key allowed in match expression";
constexpr std::string_view too_many = "Too many elements in numeric expression";  // said also where nothing is numeric
constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_value_of_anything_but(Token token) { return token == Token::begin_array || token == Token::string || token == Token::number; }

}  // namespace

std::string refusal_at(const PatternReader& reader, std::string_view sentence) {
  return (reader.token() == Token::error ? reader.problem() : std::string(sentence)) + reader.place();
}

bool MatchExpression::refuse(std::string_view sentence) {
  problem_ = refusal_at(reader_, sentence);
  return false;
}

bool MatchExpression::refuse_without_place(std::string sentence) {
  problem_ = std::move(sentence);
  return false;
}

bool MatchExpression::end_object(std::string_view sentence) { return reader_.next() == Token::end_object || refuse(sentence); }

bool MatchExpression::read(PatternField& field) {
  if (reader_.next() != Token::name) return refuse("Match expression name not found");
  return read_named(std::string(reader_.text()), field);
}

bool MatchExpression::read_named(std::string_view name, PatternField& field) {
  if (name == "exists") return read_exists(field);
  Alternative alternative;
  bool done = false;
  if (name == "exactly")
    done = read_exactly(alternative);
  else if (name == "prefix")
    done = read_affix(Part::prefix, alternative);
  else if (name == "suffix")
    done = read_affix(Part::suffix, alternative);
  else if (name == "numeric")
    done = read_numeric(alternative);
  else if (name == "anything-but")
    done = read_anything_but(alternative);
  else if (name == "cidr")
    done = read_cidr(alternative);
  else if (name == "equals-ignore-case")
    done = read_any_case(alternative);
  else if (name == "wildcard")
    done = read_wildcard(alternative);
  else
    return refuse(fmt::format("Unrecognized match type {}", name));
  if (done) field.alternatives.push_back(std::move(alternative));
  return done;
}

bool MatchExpression::read_string(std::string_view sentence) { return reader_.next() == Token::string || refuse(sentence); }

bool MatchExpression::read_exactly(Alternative& alternative) {
  if (!read_string("exact match pattern must be a string")) return false;
  alternative.operands.push_back(TextPart{Part::whole, std::string(reader_.text())});
  return end_object(one_key);
}

bool MatchExpression::read_affix(Part part, Alternative& alternative) {
  if (reader_.next() == Token::begin_object) return read_affix_in_any_case(part, alternative);
  if (reader_.token() != Token::string)
    return refuse(fmt::format("{} match pattern must be a string", part == Part::prefix ? "prefix" : "suffix"));
  alternative.operands.push_back(TextPart{part, std::string(reader_.text())});
  return end_object(one_key);
}

bool MatchExpression::read_affix_in_any_case(Part part, Alternative& alternative) {
  const bool is_prefix = part == Part::prefix;
  if (reader_.next() != Token::name) return refuse(fmt::format("{} expression name not found", is_prefix ? "Prefix" : "Suffix"));
  if (reader_.text() != "equals-ignore-case")
    return refuse(fmt::format("Unsupported {} pattern: {}", is_prefix ? "prefix" : "suffix", reader_.text()));
  if (!read_string("equals-ignore-case match pattern must be a string")) return false;
  alternative.operands.push_back(AnyCasePart{part, AnyCaseText(reader_.text())});
  return end_object(one_key) && end_object(one_key);
}

bool MatchExpression::read_any_case(Alternative& alternative) {
  if (!read_string("equals-ignore-case match pattern must be a string")) return false;
  alternative.operands.push_back(AnyCasePart{Part::whole, AnyCaseText(reader_.text())});
  return end_object(one_key);
}

bool MatchExpression::read_cidr(Alternative& alternative) {
  if (!read_string("prefix match pattern must be a string")) return false;
  auto block = parse_cidr(reader_.text());
  if (!block) return refuse_without_place(std::move(block.error()));
  alternative.operands.push_back(*block);
  return end_object(one_key);
}

bool MatchExpression::read_wildcard(Alternative& alternative) {
  if (!read_string("wildcard match pattern must be a string")) return false;
  auto wildcard = Wildcard::parse(reader_.text());
  if (!wildcard) return refuse(wildcard.error());
  alternative.operands.push_back(std::move(*wildcard));
  return end_object(one_key);
}

bool MatchExpression::read_exists(PatternField& field) {
  switch (reader_.next()) {
    case Token::true_value:
      field.alternatives.push_back({{AnyValue{}}});
      break;
    case Token::false_value:
      field.absent_too = true;
      break;
    default:
      return refuse("exists match pattern must be either true or false.");
  }
  return end_object(one_key);
}

// {"numeric": [">", 0, "<=", 5]}: a comparison, or a lower and an upper bound.
bool MatchExpression::read_numeric(Alternative& alternative) {
  if (reader_.next() != Token::begin_array) return refuse("Value of numeric must be an array.");
  NumberRange range{-infinity, infinity};
  if (!read_comparison(range)) return false;
  alternative.operands.push_back(range);
  return end_object(too_many);
}

bool MatchExpression::read_comparison(NumberRange& range) {
  if (reader_.next() != Token::string) return refuse(fmt::format("Invalid member in numeric match: {}", reader_.token_text()));
  const std::string comparison(reader_.text());
  const bool has_lower = comparison == ">" || comparison == ">=", has_upper = comparison == "<" || comparison == "<=";
  if (!has_lower && !has_upper && comparison != "=") {
    reader_.next();  // what AWS's engine has read by then
    return refuse(fmt::format("Unrecognized numeric range operator: {}", comparison));
  }
  std::string text;
  if (!read_number(comparison == "=" ? "equals" : comparison, text)) return false;
  reader_.next();
  if (has_lower) {
    range.from_open = comparison == ">";
    if (reader_.token() != Token::end_array) return read_upper_bound(range, std::move(text));
    return compare_with(text, range.from);
  }
  if (reader_.token() != Token::end_array) return refuse(too_many);
  range.to_open = comparison == "<";
  if (!compare_with(text, range.to)) return false;
  if (comparison == "=") range.from = range.to;
  return true;
}

// The second comparison of two, whose first token came last.
bool MatchExpression::read_upper_bound(NumberRange& range, std::string from) {
  if (reader_.token() != Token::string) return refuse(fmt::format("Bad value in numeric range: {}", reader_.token_text()));
  const std::string comparison(reader_.text());
  if (comparison != "<" && comparison != "<=") return refuse(fmt::format("Bad numeric range operator: {}", comparison));
  std::string to;
  if (!read_number(comparison, to)) return false;
  if (reader_.next() != Token::end_array) return refuse("Too many terms in numeric range expression");
  range.to_open = comparison == "<";
  if (!compare_with(from, range.from) || !compare_with(to, range.to)) return false;
  return range.from < range.to || refuse("Bottom must be less than top");
}

bool MatchExpression::read_number(std::string_view name, std::string& text) {
  if (reader_.next() != Token::number) return refuse(fmt::format("Value of {} must be numeric", name));
  text = reader_.text();
  return true;
}

bool MatchExpression::compare_with(std::string_view text, double& number) {
  auto comparable = comparable_number(text);
  if (!comparable) return refuse(fmt::format("Cannot compare number : {}", text));
  number = *comparable;
  return true;
}

bool MatchExpression::read_anything_but(Alternative& alternative) {
  alternative.anything_but = true;
  Excluded kind = Excluded::values;
  if (reader_.next() == Token::begin_object && !read_excluded_kind(kind)) return false;
  if (!is_value_of_anything_but(reader_.token())) return refuse("Value of anything-but must be an array or single string/number value.");
  const bool read = reader_.token() == Token::begin_array ? read_excluded_list(kind, alternative) : add_excluded(kind, alternative);
  return read && (kind != Excluded::wildcard || parse_excluded_wildcards(alternative)) && end_object(too_many) &&
         (kind == Excluded::values || end_object(too_many));
}

// {"anything-but": {"prefix": …}}: what is excluded, up to the first token of its value.
bool MatchExpression::read_excluded_kind(Excluded& kind) {
  if (reader_.next() != Token::name) return refuse("Anything-But expression name not found");
  const std::string_view name = reader_.text();
  if (name == "equals-ignore-case")
    kind = Excluded::any_case;
  else if (name == "prefix")
    kind = Excluded::prefix;
  else if (name == "suffix")
    kind = Excluded::suffix;
  else if (name == "wildcard")
    kind = Excluded::wildcard;
  else
    return refuse(fmt::format("Unsupported anything-but pattern: {}", name));
  return reader_.next() != Token::error || refuse("");
}

bool MatchExpression::read_excluded_list(Excluded kind, Alternative& alternative) {
  if (!read_excluded_elements(kind, alternative)) {
    problem_ += reader_.place();  // AWS's engine tells it twice
    return false;
  }
  if (kind != Excluded::values) return true;
  const bool has_numbers =
      std::ranges::any_of(alternative.operands, [](const Operand& operand) { return !std::holds_alternative<TextPart>(operand); });
  const bool has_strings =
      std::ranges::any_of(alternative.operands, [](const Operand& operand) { return std::holds_alternative<TextPart>(operand); });
  return has_numbers != has_strings ||
         refuse("Inside anything but list, either all values are number or string, mixed type is not supported");
}

bool MatchExpression::read_excluded_elements(Excluded kind, Alternative& alternative) {
  while (reader_.next() != Token::end_array)
    if (!add_excluded(kind, alternative)) return false;
  return true;
}

// The value whose token came last.
bool MatchExpression::add_excluded(Excluded kind, Alternative& alternative) {
  if (kind == Excluded::values) return add_excluded_value(alternative);
  if (reader_.token() != Token::string) {
    if (kind == Excluded::any_case)
      return refuse("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.");
    return refuse(kind == Excluded::wildcard ? "wildcard match pattern must be a string" : "prefix/suffix match pattern must be a string");
  }
  const std::string text(reader_.text());
  if (kind == Excluded::any_case) {
    alternative.operands.push_back(AnyCasePart{Part::whole, AnyCaseText(text)});
    return true;
  }
  if (text.empty() && kind != Excluded::wildcard) return refuse("Null prefix/suffix not allowed");
  alternative.operands.push_back(TextPart{kind == Excluded::prefix   ? Part::prefix
                                          : kind == Excluded::suffix ? Part::suffix
                                                                     : Part::whole,
                                          text});
  return true;
}

// What was read of them were texts; AWS's engine parses them when it has read them all.
bool MatchExpression::parse_excluded_wildcards(Alternative& alternative) {
  for (Operand& operand : alternative.operands) {
    auto wildcard = Wildcard::parse(std::get<TextPart>(operand).text);
    if (!wildcard) return refuse(wildcard.error());
    operand = std::move(*wildcard);
  }
  return true;
}

bool MatchExpression::add_excluded_value(Alternative& alternative) {
  switch (reader_.token()) {
    case Token::string:
      alternative.operands.push_back(TextPart{Part::whole, std::string(reader_.text())});
      return true;
    case Token::number: {
      auto number = comparable_number(reader_.text());
      if (!number) return refuse_without_place(fmt::format("Cannot compare number : {}", reader_.text()));
      alternative.operands.push_back(NumberRange{*number, *number});
      return true;
    }
    default:
      return refuse("Inside anything but list, start|null|boolean is not supported.");
  }
}

}  // namespace outcrop::expr
