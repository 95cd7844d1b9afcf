#include "services/lambda/invoke/payload_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/reader.h"

namespace outcrop::lambda {

namespace {

constexpr std::string_view values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
constexpr std::string_view source = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";
constexpr size_t token_length_max = 256;  // what Jackson shows of a token

bool is_identifier_start(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

bool is_identifier_part(unsigned char c) { return is_identifier_start(c) || (c >= '0' && c <= '9') || c >= 0x80; }

// A byte that Jackson could not make sense of, which it takes for a character.
std::string character(unsigned char c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return fmt::format("(CTRL-CHAR, code {})", c);
  if (c < 0x80) return fmt::format("'{}' (code {})", char(c), c);
  const char utf8[] = {char(0xc0 | c >> 6), char(0x80 | (c & 63))};
  return fmt::format("'{}' (code {})", std::string_view(utf8, 2), c);
}

std::string unexpected(std::string_view at, std::string_view expected) {
  return fmt::format("Unexpected character ({}): {}", character(uint8_t(at.front())), expected);
}

// The problem where a value should begin; moves `column` to where Jackson stands then.
std::string no_value(std::string_view at, size_t& column) {
  const char c = at.front();
  if (c == ',' || c == '}' || c == ']') return unexpected(at, "expected a value");
  if (!is_identifier_start(uint8_t(c))) return unexpected(at, fmt::format("expected a valid value {}", values));
  size_t length = 1;
  while (length < at.size() && length < token_length_max && is_identifier_part(uint8_t(at[length]))) ++length;
  column += std::min(length + 1, at.size());
  std::string token;
  for (unsigned char part : at.substr(0, length)) token += part < 0x80 ? std::string(1, char(part)) : "\xef\xbf\xbd";
  return fmt::format("Unrecognized token '{}': was expecting {}", token, values);
}

std::string ended_early(const json::Reader& reader, bool in_string) {
  if (in_string) return "Unexpected end-of-input: was expecting closing quote for a string value";
  if (reader.depth() == 0) return "No content to map due to end-of-input";
  return "Unexpected end-of-input within/between Object entries";
}

std::string worded(const json::Reader& reader, std::string_view problem, std::string_view at, size_t& column) {
  if (at.empty()) return ended_early(reader, problem == "a string that does not end");
  if (problem == "text after the value") return unexpected(at, "Expected space separating root-level values");
  if (problem == "expected a value") return no_value(at, column);
  if (problem == "expected a member's name") return unexpected(at, "was expecting double-quote to start field name");
  if (problem == "expected ':'") return unexpected(at, "was expecting a colon to separate field name and value");
  if (problem == "expected ',' or '}'") return unexpected(at, "was expecting comma to separate Object entries");
  if (problem == "expected ',' or ']'") return unexpected(at, "was expecting comma to separate Array entries");
  if (problem == "a number with a leading zero") return "Invalid numeric value: Leading zeroes not allowed";
  if (problem == "an unknown escape" && at.size() > 1) return fmt::format("Unrecognized character escape {}", character(uint8_t(at[1])));
  if (problem == "invalid UTF-8") return fmt::format("Invalid UTF-8 start byte 0x{:x}", uint8_t(at.front()));
  if (problem == "a control character in a string")
    return fmt::format("Illegal unquoted character ({}): has to be escaped using backslash to be included in string value",
                       character(uint8_t(at.front())));
  return unexpected(at, problem);
}

// Halves of surrogate pairs as escapes, which JavaScript writes of a text that was cut within a character, and which AWS lets pass.
std::string without_surrogates(std::string_view payload) {
  std::string text(payload);
  for (size_t at = text.find("\\u"); at != text.npos && at + 6 <= text.size(); at = text.find("\\u", at + 2)) {
    const char first = char(text[at + 2] | 0x20), second = char(text[at + 3] | 0x20);
    const bool is_surrogate = first == 'd' && (second == '8' || second == '9' || (second >= 'a' && second <= 'f'));
    if (is_surrogate) text.replace(at + 2, 2, "ff");
  }
  return text;
}

}  // namespace

std::optional<std::string> json_problem(std::string_view payload) {
  json::Reader reader(payload);
  json::Token token;
  do {
    token = reader.next();
  } while (token != json::Token::end && token != json::Token::error);
  if (token == json::Token::end) return std::nullopt;
  const json::ParseError error = reader.error();
  if (error.problem == "a lone surrogate") return json_problem(without_surrogates(payload));
  size_t column = error.column;
  const std::string words = worded(reader, error.problem, payload.substr(std::min(error.offset, payload.size())), column);
  return fmt::format("{}\n at {}; line: {}, column: {}]", words, source, error.line, column);
}

}  // namespace outcrop::lambda
