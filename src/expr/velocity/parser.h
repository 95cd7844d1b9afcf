// Reads a template: text, references and directives (parser.cc), and the expressions in them (expression_parser.cc).
#pragma once
#include <set>

#include "expr/velocity/cursor.h"

namespace outcrop::expr::velocity {

using MacroNames = std::set<std::string, std::less<>>;

class Parser {
 public:
  // `macro_names` are those that are calls; `depth` counts what this text is nested in.
  Parser(std::string_view text, const MacroNames& macro_names, Place start = {}, size_t depth = 0)
      : in_(text, start), macro_names_(macro_names), depth_(depth) {}

  // False with an error. `macros` takes those that are defined in the text.
  bool whole(Block& out, std::map<std::string, Macro, std::less<>>& macros);
  const TemplateError& error() const { return *in_.error(); }

 private:
  enum class End : uint8_t { text, end, otherwise, otherwise_if, error };

  // A block until what ends it, which is passed.
  End read_block(Block& out);
  bool read_whole_block(Block& out);
  bool read_piece(Block& out, End& end);
  void read_escaped(Block& out);
  bool read_hash(Block& out, End& end);
  bool read_directive(Block& out, End& end, std::string_view name, size_t from);
  bool pass_unrendered();
  std::string_view take_directive_name();
  bool read_set(Block& out);
  bool read_if(Block& out);
  bool read_foreach(Block& out);
  bool read_define(Block& out);
  bool read_macro();
  bool read_call(Block& out, std::string_view name, bool with_body);
  bool expect_open();
  bool expect_close();
  bool enter();  // a level of nesting; left by leave()
  void leave() { --depth_; }
  void add_text(std::string_view text) { text_ += text; }
  void add(Block& out, size_t from, decltype(Piece::form) form);
  void end_text(Block& out);

  // None when there is no reference here; false with an error.
  std::optional<Reference> take_reference();
  bool read_steps(Reference& reference);
  bool read_arguments(std::vector<Expression>& out);

  bool read_expression(Expression& out, size_t precedence = 0);
  std::optional<Operator> take_operator(size_t precedence);
  bool read_operand(Expression& out);
  bool read_primary(Expression& out);
  bool read_number(Expression& out);
  bool read_word(Expression& out);
  bool read_raw_string(Expression& out);
  bool read_string(Expression& out);
  bool read_list_or_range(Expression& out);
  bool read_map(Expression& out);

  Cursor in_;
  const MacroNames& macro_names_;
  size_t depth_;
  std::string text_;
  Place text_place_;
  std::map<std::string, Macro, std::less<>>* macros_ = nullptr;
};

}  // namespace outcrop::expr::velocity
