// The words of DynamoDB's expressions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::dynamodb {

enum class TokenKind : uint8_t { word, name, value, number, symbol, end };

struct Token {
  TokenKind kind;
  std::string_view text;  // "size", "#n", ":v", "12", "<="; "<EOF>" at the end
  size_t begin, end;      // in the expression

  bool is(std::string_view symbol) const { return kind == TokenKind::symbol && text == symbol; }
  // A keyword, in whatever case.
  bool is_keyword(std::string_view upper_case) const;
};

// The words of an expression one after the other, with the end behind them. `expression` must outlive what is given.
std::vector<Token> tokens_of(std::string_view expression);

// "Syntax error; token: "=", near: "a = ="": with its neighbours, as they stand in the expression.
Fault syntax_error(std::string_view expression, const std::vector<Token>& tokens, size_t at);

}  // namespace outcrop::dynamodb
