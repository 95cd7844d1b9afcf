// The text of a template as it is read: where reading has come to, and the error that ends it.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "expr/text.h"
#include "expr/velocity.h"
#include "expr/velocity/syntax.h"

namespace outcrop::expr::velocity {

inline bool begins_name(char c) { return is_letter(c) || c == '_'; }
inline bool continues_name(char c) { return begins_name(c) || is_digit(c) || c == '-'; }
inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }

class Cursor {
 public:
  // `start` is where the text begins in the template: texts in quotes are templates too.
  explicit Cursor(std::string_view text, Place start = {}) : text_(text), start_(start) {}

  bool at_end() const { return at_ >= text_.size(); }
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  std::string_view rest() const { return text_.substr(at_); }
  bool sees(std::string_view token) const { return rest().starts_with(token); }
  void pass(size_t bytes = 1) { at_ += bytes; }
  bool take(std::string_view token) {
    if (!sees(token)) return false;
    at_ += token.size();
    return true;
  }
  void pass_space() {
    while (is_space(peek())) ++at_;
  }
  void pass_blanks() {
    while (is_blank(peek())) ++at_;
  }
  std::string_view take_name() {
    const size_t from = at_;
    if (begins_name(peek()))
      while (continues_name(peek())) ++at_;
    return text_.substr(from, at_ - from);
  }
  // Blanks and the line's end behind a directive are part of it; blanks before more text are not.
  void pass_line_end() {
    size_t end = at_;
    while (end < text_.size() && is_blank(text_[end])) ++end;
    if (text_.substr(end).starts_with("\r\n"))
      at_ = end + 2;
    else if (end < text_.size() && (text_[end] == '\n' || text_[end] == '\r'))
      at_ = end + 1;
  }

  size_t offset() const { return at_; }
  void return_to(size_t offset) { at_ = offset; }
  std::string_view since(size_t offset) const { return text_.substr(offset, at_ - offset); }
  // Asked for at rising offsets mostly: counts on from where it was asked last.
  Place place() { return place_of(at_); }
  Place place_of(size_t offset);

  bool refuse(std::string_view problem) { return refuse_at(at_, problem); }
  bool refuse_at(size_t offset, std::string_view problem);
  bool refuse(TemplateError error) {
    if (!error_) error_ = std::move(error);
    return false;
  }
  const std::optional<TemplateError>& error() const { return error_; }

 private:
  const std::string_view text_;
  const Place start_;
  size_t at_ = 0;
  size_t counted_to_ = 0;
  Place counted_ = {};
  bool has_counted_ = false;
  std::optional<TemplateError> error_;
};

}  // namespace outcrop::expr::velocity
