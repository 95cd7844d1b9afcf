#include "expr/pattern/pattern_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "expr/limits.h"

namespace outcrop::expr {
namespace {

using json::Token;

constexpr std::string_view value_words = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

bool continues_character(char c) { return (uint8_t(c) & 0xc0) == 0x80; }
bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || uint8_t(c) >= 0x80;
}

// The bytes of the first `units` code units; a character is never cut.
size_t bytes_of_units(std::string_view text, size_t units) {
  size_t at = 0;
  while (at < text.size()) {
    size_t character = uint8_t(text[at]) >= 0xf0 ? 2 : 1;
    if (character > units) break;
    units -= character;
    do ++at;
    while (at < text.size() && continues_character(text[at]));
  }
  return at;
}

std::string character_words(std::string_view text, size_t offset) {
  size_t end = offset + 1;
  while (end < text.size() && continues_character(text[end])) ++end;
  uint32_t code = uint8_t(text[offset]);
  if (code >= 0xc0) code &= code >= 0xf0 ? 7 : code >= 0xe0 ? 15 : 31;
  for (size_t i = offset + 1; i < end; ++i) code = code << 6 | (uint8_t(text[i]) & 63);
  return fmt::format("'{}' (code {})", text.substr(offset, end - offset), code);
}

}  // namespace

size_t characters_of(std::string_view text) {
  size_t units = 0;
  for (char c : text) units += continues_character(c) ? 0 : uint8_t(c) >= 0xf0 ? 2 : 1;
  return units;
}

PatternReader::PatternReader(std::string_view text) : source_(text), reader_(text, {.depth = limits::pattern_depth_max}) {}

Token PatternReader::next() {
  if (token_ == Token::error) return token_;
  if (has_ahead_) {
    has_ahead_ = false;
    return token_ = ahead_;
  }
  read();
  if (token_ != Token::name) return token_;
  name_ = reader_.text();
  read();
  if (token_ == Token::error) return token_;
  ahead_ = token_;
  has_ahead_ = true;
  return token_ = Token::name;
}

void PatternReader::read() {
  const size_t before = reader_.offset();
  token_ = reader_.next();
  place_ = reader_.offset();
  switch (token_) {
    case Token::string:  // Jackson reads strings when they are asked for: until then its place is behind the opening quote
      place_ = source_.find('"', before) + 1;
      break;
    case Token::begin_object:
    case Token::begin_array:
      open_.push_back(place_ - 1);
      break;
    case Token::end_object:
    case Token::end_array:
      open_.pop_back();
      break;
    case Token::error:
      if (open_.empty() && reader_.error().offset == source_.size())
        token_ = Token::end;  // to Jackson a text without anything in it is no error
      else
        place_problem();
      break;
    default:
      break;
  }
}

std::string_view PatternReader::text() {
  if (token_ == Token::name) return name_;
  if (token_ == Token::string) place_ = reader_.offset();
  return reader_.text();
}

std::string_view PatternReader::token_text() {
  switch (token_) {
    case Token::begin_object:
      return "{";
    case Token::end_object:
      return "}";
    case Token::begin_array:
      return "[";
    case Token::end_array:
      return "]";
    case Token::true_value:
      return "true";
    case Token::false_value:
      return "false";
    case Token::null:
      return "null";
    default:
      return text();
  }
}

std::string PatternReader::problem() const { return problem_; }

// Says what Jackson says of the commonest mistakes, and puts place_ where it has read to by then.
void PatternReader::place_problem() {
  const json::ParseError error = reader_.error();
  const std::string_view problem = error.problem;
  place_ = std::min(error.offset + 1, source_.size());
  if (problem == "a string that does not end") {
    place_ = source_.size();
    problem_ = "Unexpected end-of-input: was expecting closing quote for a string value";
  } else if (error.offset == source_.size()) {
    place_ = source_.size();
    problem_ = fmt::format("Unexpected end-of-input: expected close marker for {} (start marker at {})",
                           source_[open_.back()] == '{' ? "Object" : "Array", location_of(open_.back()));
  } else if (problem == "expected a value" || problem == "expected a digit") {
    expected_value();
  } else if (problem == "expected ',' or '}'" || problem == "expected ',' or ']'") {
    unclosed_or_unseparated();
  } else if (problem == "expected a member's name") {
    problem_ =
        fmt::format("Unexpected character ({}): was expecting double-quote to start field name", character_words(source_, error.offset));
  } else if (problem == "expected ':'") {
    problem_ = fmt::format("Unexpected character ({}): was expecting a colon to separate field name and value",
                           character_words(source_, error.offset));
  } else if (problem == "a control character in a string") {
    problem_ =
        fmt::format("Illegal unquoted character ((CTRL-CHAR, code {})): has to be escaped using backslash to be included in string value",
                    int(source_[error.offset]));
  } else if (problem == "a number with a leading zero") {
    problem_ = "Invalid numeric value: Leading zeroes not allowed";
  } else {
    problem_ = fmt::format("Invalid JSON: {}", problem);
  }
}

void PatternReader::expected_value() {
  const size_t start = reader_.error().offset;
  size_t end = start;
  while (end < source_.size() && is_identifier(source_[end])) ++end;
  if (end == start) {
    problem_ = fmt::format("Unexpected character ({}): expected a valid value {}", character_words(source_, start), value_words);
    return;
  }
  place_ = end;
  problem_ = fmt::format("Unrecognized token '{}': was expecting {}", source_.substr(start, end - start), value_words);
}

void PatternReader::unclosed_or_unseparated() {
  const size_t at = reader_.error().offset;
  const bool object = source_[open_.back()] == '{';
  if (source_[at] == ']' || source_[at] == '}') {
    problem_ = fmt::format("Unexpected close marker '{}': expected '{}' (for {} starting at {})", source_[at], object ? '}' : ']',
                           object ? "Object" : "Array", location_of(open_.back()));
    return;
  }
  problem_ = fmt::format("Unexpected character ({}): was expecting comma to separate {} entries", character_words(source_, at),
                         object ? "Object" : "Array");
}

std::string PatternReader::place() const { return fmt::format("\n at {}", location_of(place_)); }

std::string PatternReader::location_of(size_t offset) const {
  const std::string_view before = source_.substr(0, offset);
  const size_t line = 1 + size_t(std::ranges::count(before, '\n'));
  const size_t newline = before.rfind('\n');
  const size_t column = 1 + characters_of(newline == before.npos ? before : before.substr(newline + 1));
  const size_t quoted = bytes_of_units(source_, limits::quoted_characters_max);
  const std::string left_out = quoted == source_.size() ? "" : fmt::format("[truncated {} chars]", characters_of(source_.substr(quoted)));
  return fmt::format("[Source: (String)\"{}\"{}; line: {}, column: {}]", source_.substr(0, quoted), left_out, line, column);
}

}  // namespace outcrop::expr
