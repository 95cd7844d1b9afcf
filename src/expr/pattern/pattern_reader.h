// The JSON of an event pattern, token by token, and the places and problems in it in the words of Jackson: AWS reads
// patterns with that parser, and its errors, which customers see, quote the parser's own place in the text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.h"

namespace outcrop::expr {

// UTF-16 code units of UTF-8 text.
size_t characters_of(std::string_view text);

class PatternReader {
 public:
  explicit PatternReader(std::string_view text);  // which must outlive this

  // The next token. As Jackson does, a name reads the first token of its value along; the next call gives that one.
  json::Token next();
  json::Token token() const { return token_; }

  // Of the last name, string or number. To ask for a string moves place() behind it.
  std::string_view text();
  // Of the last token, whatever it is: "[", "true".
  std::string_view token_text();

  // Once next() gave Token::error: what is wrong there. Without a place.
  std::string problem() const;
  // "\n at [Source: (String)"…"; line: 1, column: 8]": where reading has come to, or the place of the error.
  std::string place() const;

 private:
  void read();
  void place_problem();
  void expected_value();
  void unclosed_or_unseparated();
  std::string location_of(size_t offset) const;

  const std::string_view source_;
  json::Reader reader_;
  json::Token token_ = json::Token::end;
  json::Token ahead_ = json::Token::end;  // the first token of a name's value
  bool has_ahead_ = false;
  std::string name_;
  size_t place_ = 0;          // bytes from the start
  std::vector<size_t> open_;  // where the containers begin that are open
  std::string problem_;
};

}  // namespace outcrop::expr
