// The characters of a JSONPath, read one after another, and its literals.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"

namespace outcrop::expr {

class PathScanner {
 public:
  explicit PathScanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  size_t position() const { return at_; }
  void return_to(size_t position) { at_ = position; }
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void pass(size_t characters = 1) { at_ += characters; }
  void pass_space();
  bool take(std::string_view token);
  // A word of lower-case letters, digits and underscores that begins with a letter; empty when there is none.
  std::string_view take_word();
  // A name as it stands behind a dot; empty when there is none.
  std::string_view take_name();

  // A string in quotes, an integer that JSON holds exactly, a number. None and a problem when it is malformed.
  std::optional<std::string> take_string();
  std::optional<int64_t> take_integer();
  std::optional<json::Value> take_number();
  // "/a.*b/i": the expression, and whether its case is ignored.
  struct Expression {
    std::string text;
    bool ignore_case = false;
  };
  std::optional<Expression> take_expression();

  // The first one counts; with its position.
  bool refuse(std::string_view problem);
  bool refused() const { return !problem_.empty(); }
  const std::string& problem() const { return problem_; }

 private:
  bool take_escape(char quote, std::string& to);
  std::optional<uint32_t> take_hex4();

  const std::string_view text_;
  size_t at_ = 0;
  std::string problem_;
};

}  // namespace outcrop::expr
