#include "auth/policy_pattern.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace outcrop::auth {

namespace {

// In a Pattern's text, so that wildcards stay apart from characters that look like them. No valid UTF-8 contains these bytes.
constexpr char any_text = '\xff';
constexpr char any_byte = '\xfe';

// Greedy with one point of return: the last * seen takes in one more byte whenever the rest does not fit.
template <class Equal>
bool matches_glob(std::string_view pattern, std::string_view text, char star, char one, Equal equal) {
  size_t p = 0, t = 0, star_at = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == star) {
      star_at = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == one || equal(pattern[p], text[t]))) {
      ++p;
      ++t;
    } else if (star_at != std::string_view::npos) {
      p = star_at + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == star) ++p;
  return p == pattern.size();
}

constexpr auto same_byte = [](char a, char b) { return a == b; };
constexpr auto same_letter = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };

char without_meaning(char c) { return c == any_text ? '*' : c == any_byte ? '?' : c; }

char with_meaning(char c) { return c == '*' ? any_text : c == '?' ? any_byte : c; }

struct ArnParts {
  std::array<std::string_view, 6> parts;
  size_t count = 0;
};

// partition, service, region, account and resource; colons in the resource are its own.
ArnParts split_arn(std::string_view text) {
  ArnParts arn;
  while (arn.count < 5) {
    size_t colon = text.find(':');
    if (colon == std::string_view::npos) break;
    arn.parts[arn.count++] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  arn.parts[arn.count++] = text;
  return arn;
}

struct Variable {
  std::string_view key;
  std::optional<std::string_view> fallback;
};

// "aws:username, 'nobody'"
Variable parse_variable(std::string_view text) {
  size_t comma = text.find(',');
  if (comma == std::string_view::npos) return {text, std::nullopt};
  std::string_view rest = text.substr(comma + 1);
  size_t open = rest.find('\''), close = rest.rfind('\'');
  if (open == std::string_view::npos || close <= open) return {text, std::nullopt};
  return {text.substr(0, comma), rest.substr(open + 1, close - open - 1)};
}

}  // namespace

bool matches_wildcards(std::string_view pattern, std::string_view text) { return matches_glob(pattern, text, '*', '?', same_byte); }

bool matches_wildcards_ignoring_case(std::string_view pattern, std::string_view text) {
  return matches_glob(pattern, text, '*', '?', same_letter);
}

Pattern Pattern::plain(std::string_view text) {
  Pattern pattern;
  pattern.text_ = text;
  std::ranges::transform(pattern.text_, pattern.text_.begin(), with_meaning);
  return pattern;
}

std::optional<Pattern> Pattern::expand(std::string_view text, const PolicyContext& variables) {
  Pattern pattern;
  for (size_t i = 0; i < text.size();) {
    size_t close = text.substr(i).starts_with("${") ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      pattern.text_ += with_meaning(text[i++]);
      continue;
    }
    std::string_view name = text.substr(i + 2, close - i - 2);
    i = close + 1;
    if (name == "*" || name == "?" || name == "$") {
      pattern.text_ += name;
      continue;
    }
    Variable variable = parse_variable(name);
    std::optional<std::string> value = variables.single(variable.key);
    if (!value && variable.fallback) value = std::string(*variable.fallback);
    bool is_literal = value && value->find(any_text) == std::string::npos && value->find(any_byte) == std::string::npos;
    if (!is_literal) return std::nullopt;
    pattern.text_ += *value;
  }
  return pattern;
}

bool Pattern::matches(std::string_view text) const { return matches_glob(text_, text, any_text, any_byte, same_byte); }

bool Pattern::matches_arn(std::string_view arn) const {
  if (text_ == std::string_view(&any_text, 1)) return true;
  ArnParts pattern = split_arn(text_), subject = split_arn(arn);
  if (subject.count < subject.parts.size()) return false;
  for (size_t i = 0; i < pattern.count; ++i)
    if (!matches_glob(pattern.parts[i], subject.parts[i], any_text, any_byte, same_byte)) return false;
  return true;
}

bool Pattern::equals(std::string_view text) const { return std::ranges::equal(text_, text, same_byte, without_meaning); }

bool Pattern::equals_ignoring_case(std::string_view text) const { return std::ranges::equal(text_, text, same_letter, without_meaning); }

}  // namespace outcrop::auth
