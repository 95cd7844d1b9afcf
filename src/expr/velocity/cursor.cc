#include "expr/velocity/cursor.h"

namespace outcrop::expr::velocity {

Place Cursor::place_of(size_t offset) {
  if (!has_counted_ || offset < counted_to_) {
    counted_ = start_;
    counted_to_ = 0;
    has_counted_ = true;
  }
  for (; counted_to_ < std::min(offset, text_.size()); ++counted_to_) {
    const bool ends_line = text_[counted_to_] == '\n';
    counted_.line += ends_line;
    counted_.column = ends_line ? 1 : counted_.column + 1;
  }
  return counted_;
}

bool Cursor::refuse_at(size_t offset, std::string_view problem) {
  const Place place = place_of(offset);
  return refuse({TemplateError::Kind::syntax, place.line, place.column, std::string(problem)});
}

}  // namespace outcrop::expr::velocity
