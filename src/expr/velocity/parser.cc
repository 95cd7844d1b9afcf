#include "expr/velocity/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "expr/limits.h"

namespace outcrop::expr::velocity {
namespace {

constexpr auto directive_names =
    std::to_array<std::string_view>({"set", "if", "elseif", "else", "end", "foreach", "define", "macro", "break", "stop"});
// Velocity has them and API Gateway has not: there is nothing to include, and no template in a text.
constexpr auto refused_names = std::to_array<std::string_view>({"parse", "include", "evaluate"});

bool is_word_character(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

}  // namespace

bool Parser::whole(Block& out, std::map<std::string, Macro, std::less<>>& macros) {
  macros_ = &macros;
  const End end = read_block(out);
  if (end == End::text || end == End::error) return !in_.error();
  return in_.refuse(end == End::end ? "#end without a directive before it" : "#else without #if before it");
}

Parser::End Parser::read_block(Block& out) {
  std::string before = std::exchange(text_, {});
  End end = End::text;
  while (end == End::text && !in_.at_end())
    if (!read_piece(out, end)) end = End::error;
  end_text(out);
  text_ = std::move(before);
  return end;
}

// What #end closes.
bool Parser::read_whole_block(Block& out) {
  const size_t from = in_.offset();
  switch (read_block(out)) {
    case End::end:
      return true;
    case End::text:
      return in_.refuse_at(from, "a directive without its #end");
    case End::error:
      return false;
    default:
      return in_.refuse("#else without #if before it");
  }
}

bool Parser::read_piece(Block& out, End& end) {
  const size_t from = in_.offset();
  const char c = in_.peek();
  if (c == '\\') return read_escaped(out), true;
  if (c == '#') return read_hash(out, end);
  if (c == '$')
    if (auto reference = take_reference()) return add(out, from, std::move(*reference)), true;
  if (in_.error()) return false;
  do in_.pass();
  while (!in_.at_end() && in_.peek() != '\\' && in_.peek() != '#' && in_.peek() != '$');
  add_text(in_.since(from));
  return true;
}

// Backslashes before a reference or a directive: two are one, and an odd one takes the meaning of what follows. Before anything else
// they are text.
void Parser::read_escaped(Block& out) {
  const size_t from = in_.offset();
  while (in_.peek() == '\\') in_.pass();
  const std::string escapes(in_.since(from));
  const size_t escaped = in_.offset();
  if (in_.peek() == '$') {
    if (auto reference = take_reference()) {
      reference->escapes = escapes;
      reference->written = in_.since(escaped);
      return add(out, from, std::move(*reference));
    }
  } else if (in_.peek() == '#') {
    in_.pass();
    const std::string name(take_directive_name());
    if (std::ranges::find(directive_names, name) != directive_names.end() || macro_names_.contains(name)) {
      const bool is_text = escapes.size() % 2 == 1;
      add_text(escapes.substr(0, escapes.size() / 2));
      if (is_text) return add_text(in_.since(escaped));
      return in_.return_to(escaped);
    }
    in_.return_to(escaped);
  }
  add_text(escapes);
}

// "name" or "{name}" behind '#'; empty when there is none.
std::string_view Parser::take_directive_name() {
  const size_t from = in_.offset();
  const bool in_braces = in_.take("{");
  const size_t name_from = in_.offset();
  if (begins_name(in_.peek()))
    while (is_word_character(in_.peek())) in_.pass();
  const std::string_view name = in_.since(name_from);
  if (!name.empty() && (!in_braces || in_.take("}"))) return name;
  in_.return_to(from);
  return {};
}

bool Parser::read_hash(Block& out, End& end) {
  const size_t from = in_.offset();
  if (in_.sees("##") || in_.sees("#*") || in_.sees("#[[")) return pass_unrendered();
  in_.pass();
  const bool with_body = in_.take("@");
  const std::string_view name = take_directive_name();
  if (!with_body && std::ranges::find(directive_names, name) != directive_names.end()) return read_directive(out, end, name, from);
  if (std::ranges::find(refused_names, name) != refused_names.end() && in_.peek() == '(')
    return in_.refuse_at(from, fmt::format("API Gateway has no #{}", name));
  if (macro_names_.contains(name)) {
    in_.pass_blanks();
    if (in_.peek() == '(') return read_call(out, name, with_body);
  }
  add_text("#");
  in_.return_to(from + 1);
  return true;
}

// A comment, or text that is rendered as it is.
bool Parser::pass_unrendered() {
  const std::string_view rest = in_.rest();
  if (rest.starts_with("##")) {
    const size_t line_end = rest.find('\n');
    in_.pass(line_end == rest.npos ? rest.size() : line_end + 1);
    return true;
  }
  const bool is_text = rest.starts_with("#[[");
  const std::string_view close = is_text ? "]]#" : "*#";
  const size_t begin = is_text ? 3 : 2, found = rest.find(close, begin);
  if (found == rest.npos) return in_.refuse(is_text ? "\"#[[\" without \"]]#\"" : "a comment without \"*#\"");
  if (is_text) add_text(rest.substr(begin, found - begin));
  in_.pass(found + close.size());
  return true;
}

bool Parser::read_directive(Block& out, End& end, std::string_view name, size_t from) {
  if (name == "end" || name == "else") {
    in_.pass_line_end();
    end = name == "end" ? End::end : End::otherwise;
    return true;
  }
  if (name == "break" || name == "stop") {
    in_.take("()");
    in_.pass_line_end();
    if (name == "break")
      add(out, from, BreakDirective{});
    else
      add(out, from, StopDirective{});
    return true;
  }
  const size_t behind = in_.offset();
  in_.pass_blanks();
  if (in_.peek() != '(') return in_.return_to(behind), add_text(in_.since(from)), true;  // "how #set works"
  if (name == "elseif") return end = End::otherwise_if, true;
  if (!enter()) return false;
  end_text(out);
  const bool is_read = name == "set"       ? read_set(out)
                       : name == "if"      ? read_if(out)
                       : name == "foreach" ? read_foreach(out)
                       : name == "define"  ? read_define(out)
                                           : read_macro();
  leave();
  return is_read;
}

bool Parser::enter() { return ++depth_ <= limits::template_depth_max || in_.refuse("the template is nested too deep"); }

bool Parser::expect_open() {
  in_.pass_blanks();
  if (!in_.take("(")) return in_.refuse("'(' is expected");
  in_.pass_space();
  return true;
}

bool Parser::expect_close() {
  in_.pass_space();
  if (!in_.take(")")) return in_.refuse("')' is expected");
  in_.pass_line_end();
  return true;
}

bool Parser::read_set(Block& out) {
  const size_t from = in_.offset();
  if (!expect_open()) return false;
  SetDirective set;
  auto target = in_.peek() == '$' ? take_reference() : std::nullopt;
  if (!target) return in_.refuse("a reference is expected");
  set.target = std::move(*target);
  in_.pass_space();
  if (in_.sees("==") || !in_.take("=")) return in_.refuse("'=' is expected");
  if (!read_expression(set.value) || !expect_close()) return false;
  return add(out, from, std::move(set)), true;
}

bool Parser::read_if(Block& out) {
  const size_t from = in_.offset();
  IfDirective directive;
  for (End end = End::otherwise_if; end != End::end;) {
    IfDirective::Branch branch;
    if (end == End::otherwise_if)
      if (!expect_open() || !read_expression(branch.condition.emplace()) || !expect_close()) return false;
    const bool was_last = end == End::otherwise;
    end = read_block(branch.block);
    directive.branches.push_back(std::move(branch));
    if (end == End::text) return in_.refuse_at(from, "#if without its #end");
    if (end == End::error) return false;
    if (was_last && end != End::end) return in_.refuse("only #end follows the block of #else");
  }
  return add(out, from, std::move(directive)), true;
}

bool Parser::read_foreach(Block& out) {
  const size_t from = in_.offset();
  if (!expect_open()) return false;
  ForeachDirective directive;
  auto variable = in_.peek() == '$' ? take_reference() : std::nullopt;
  if (!variable || !variable->steps.empty()) return in_.refuse("a variable is expected");
  directive.variable = variable->name;
  in_.pass_space();
  if (!in_.take("in") || continues_name(in_.peek())) return in_.refuse("\"in\" is expected");
  if (!read_expression(directive.list) || !expect_close() || !read_whole_block(directive.block)) return false;
  return add(out, from, std::move(directive)), true;
}

bool Parser::read_define(Block& out) {
  const size_t from = in_.offset();
  if (!expect_open()) return false;
  auto variable = in_.peek() == '$' ? take_reference() : std::nullopt;
  if (!variable || !variable->steps.empty()) return in_.refuse("a variable is expected");
  Block block;
  if (!expect_close() || !read_whole_block(block)) return false;
  add(out, from, DefineDirective{variable->name, std::make_shared<const Block>(std::move(block))});
  return true;
}

bool Parser::read_macro() {
  if (!expect_open()) return false;
  const std::string name(in_.take_name());
  if (name.empty()) return in_.refuse("the name of a macro is expected");
  Macro macro;
  for (in_.pass_space(); in_.peek() != ')'; in_.pass_space()) {
    in_.take(",");
    in_.pass_space();
    auto parameter = in_.peek() == '$' ? take_reference() : std::nullopt;
    if (!parameter || !parameter->steps.empty()) return in_.refuse("a parameter or ')' is expected");
    macro.parameters.push_back(parameter->name);
  }
  if (!expect_close() || !read_whole_block(macro.block)) return false;
  macros_->try_emplace(name, std::move(macro));
  return true;
}

bool Parser::read_call(Block& out, std::string_view name, bool with_body) {
  const size_t from = in_.offset();
  if (!expect_open() || !enter()) return false;
  MacroCall call{.name = std::string(name)};
  for (in_.pass_space(); in_.peek() != ')'; in_.pass_space()) {
    in_.take(",");
    in_.pass_space();
    if (!read_primary(call.arguments.emplace_back())) return false;
  }
  if (!expect_close()) return false;
  if (with_body) {
    end_text(out);
    Block body;
    if (!read_whole_block(body)) return false;
    call.body = std::make_shared<const Block>(std::move(body));
  }
  leave();
  return add(out, from, std::move(call)), true;
}

void Parser::add(Block& out, size_t from, decltype(Piece::form) form) {
  end_text(out);
  out.push_back({in_.place_of(from), std::move(form)});
}

void Parser::end_text(Block& out) {
  if (!text_.empty()) out.push_back({{}, Text{std::exchange(text_, {})}});
}

std::optional<Reference> Parser::take_reference() {
  const size_t from = in_.offset();
  Reference reference{.place = in_.place()};
  in_.pass();
  in_.take("!");
  const bool is_formal = in_.take("{");
  reference.name = in_.take_name();
  if (reference.name.empty()) return in_.return_to(from), std::nullopt;
  if (!read_steps(reference)) return std::nullopt;
  if (!is_formal) return reference;
  if (in_.take("|")) {
    auto alternative = std::make_shared<Expression>();
    if (!read_expression(*alternative)) return std::nullopt;
    in_.pass_space();
    reference.alternative = std::move(alternative);
  }
  if (!in_.take("}")) return in_.refuse("'}' is expected"), std::nullopt;
  return reference;
}

// What follows a reference in a text is part of it only where it can be: ". " and "[a]" are text.
bool Parser::read_steps(Reference& reference) {
  for (;;) {
    if (in_.peek() == '.' && begins_name(in_.peek(1))) {
      in_.pass();
      Step step{.kind = Step::Kind::property, .name = std::string(in_.take_name())};
      if (in_.take("(")) {
        step.kind = Step::Kind::method;
        if (!enter() || !read_arguments(step.arguments)) return false;
        leave();
      }
      reference.steps.push_back(std::move(step));
    } else if (in_.peek() == '[' && in_.peek(1) != '\0' && std::string_view("'\"$-0123456789 ").contains(in_.peek(1))) {
      in_.pass();
      Step step{.kind = Step::Kind::index};
      if (!enter() || !read_expression(step.arguments.emplace_back())) return false;
      in_.pass_space();
      if (!in_.take("]")) return in_.refuse("']' is expected");
      leave();
      reference.steps.push_back(std::move(step));
    } else {
      return true;
    }
  }
}

bool Parser::read_arguments(std::vector<Expression>& out) {
  in_.pass_space();
  if (in_.take(")")) return true;
  do {
    if (!read_expression(out.emplace_back())) return false;
    in_.pass_space();
  } while (in_.take(","));
  return in_.take(")") || in_.refuse("',' or ')' is expected");
}

}  // namespace outcrop::expr::velocity
