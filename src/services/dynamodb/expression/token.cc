#include "services/dynamodb/expression/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace outcrop::dynamodb {

namespace {

bool is_word_start(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_'; }
bool is_numeral(char letter) { return letter >= '0' && letter <= '9'; }
bool is_word_part(char letter) { return is_word_start(letter) || is_numeral(letter); }
bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' || letter == '\f'; }

template <class Is>
size_t end_of(std::string_view text, size_t at, Is is) {
  while (at < text.size() && is(text[at])) ++at;
  return at;
}

// A letter of UTF-8 is one token, of whatever number of bytes.
size_t end_of_letter(std::string_view text, size_t at) {
  return end_of(text, at + 1, [](char byte) { return (uint8_t(byte) & 0xc0) == 0x80; });
}

Token token_at(std::string_view text, size_t at) {
  const char first = text[at];
  auto made = [&](TokenKind kind, size_t end) { return Token{kind, text.substr(at, end - at), at, end}; };
  if (is_word_start(first)) return made(TokenKind::word, end_of(text, at, is_word_part));
  if (is_numeral(first)) return made(TokenKind::number, end_of(text, at, is_numeral));
  if (first == '#' || first == ':') {
    const size_t end = end_of(text, at + 1, is_word_part);
    if (end > at + 1) return made(first == '#' ? TokenKind::name : TokenKind::value, end);
  }
  for (const std::string_view pair : {"<>", "<=", ">="}) {
    if (text.substr(at).starts_with(pair)) return made(TokenKind::symbol, at + 2);
  }
  return made(TokenKind::symbol, end_of_letter(text, at));
}

}  // namespace

bool Token::is_keyword(std::string_view upper_case) const {
  auto same = [](char mine, char theirs) { return (mine >= 'a' && mine <= 'z' ? char(mine - 'a' + 'A') : mine) == theirs; };
  return kind == TokenKind::word && std::ranges::equal(text, upper_case, same);
}

std::vector<Token> tokens_of(std::string_view expression) {
  std::vector<Token> tokens;
  size_t at = 0;
  while ((at = end_of(expression, at, is_blank)) < expression.size()) {
    tokens.push_back(token_at(expression, at));
    at = tokens.back().end;
  }
  tokens.push_back({TokenKind::end, "<EOF>", expression.size(), expression.size()});
  return tokens;
}

Fault syntax_error(std::string_view expression, const std::vector<Token>& tokens, size_t at) {
  const size_t first = at > 0 ? at - 1 : at;
  const size_t last = at + 1 < tokens.size() && tokens[at + 1].kind != TokenKind::end ? at + 1 : at;
  const size_t begin = tokens[first].begin,
               end = tokens[last].kind == TokenKind::end && last > first ? tokens[last - 1].end : tokens[last].end;
  return {"ValidationException", 400,
          fmt::format("Syntax error; token: \"{}\", near: \"{}\"", tokens[at].text, expression.substr(begin, end - begin))};
}

}  // namespace outcrop::dynamodb
