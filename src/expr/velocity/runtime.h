// What one rendering has: its bounds, the lists and maps it made, and the error that ends it. Once it is over everything gives null.
#pragma once
#include <deque>
#include <optional>

#include "expr/limits.h"
#include "expr/velocity.h"
#include "expr/velocity/value.h"

namespace outcrop::expr::velocity {

class Runtime {
 public:
  virtual ~Runtime() = default;

  bool is_over() const { return error_.has_value(); }
  const std::optional<TemplateError>& error() const { return error_; }
  // At the place of what is rendered. The first error counts.
  void refuse(TemplateError::Kind kind, std::string problem);
  bool pay(size_t steps = 1);
  bool pay_memory(size_t bytes);
  // For regular expressions and paths, which pay as they go: settle() refuses when nothing is left.
  size_t& steps_left() { return steps_left_; }

  Value make_text(std::string text);
  List* make_list();
  Map* make_map();
  Value make_iterator(List& list);
  bool append(List& list, Value value);
  bool put(Map& map, std::string_view name, Value value);

  Value from_json(const json::Value& value);
  json::Value to_json(const Value& value, size_t depth = 0);
  // toString(); of null it is empty.
  std::string text_of(const Value& value);
  bool equal(const Value& a, const Value& b, size_t depth = 0);

 protected:
  virtual std::string rendered(const Block& block) = 0;

  Place place_;  // of what is rendered

 private:
  void append_text(std::string& out, const Value& value, size_t depth);
  bool is_too_deep(size_t depth);

  size_t steps_left_ = limits::template_steps_max;
  size_t memory_left_ = limits::template_memory_max;
  std::optional<TemplateError> error_;
  std::deque<List> lists_;
  std::deque<Map> maps_;
  std::deque<Iterator> iterators_;
};

}  // namespace outcrop::expr::velocity
