// The expressions of templates: operators by precedence, literals, texts in quotes.

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "expr/limits.h"
#include "expr/velocity/parser.h"

namespace outcrop::expr::velocity {
namespace {

struct Infix {
  std::string_view symbol;
  Operator meaning;
  size_t precedence;
};

constexpr size_t highest_precedence = 5;
// Longer ones before those they begin with.
constexpr auto infixes = std::to_array<Infix>({
    {"||", Operator::either, 0},
    {"or", Operator::either, 0},
    {"&&", Operator::both, 1},
    {"and", Operator::both, 1},
    {"==", Operator::equal, 2},
    {"eq", Operator::equal, 2},
    {"!=", Operator::not_equal, 2},
    {"ne", Operator::not_equal, 2},
    {"<=", Operator::less_equal, 3},
    {"le", Operator::less_equal, 3},
    {">=", Operator::greater_equal, 3},
    {"ge", Operator::greater_equal, 3},
    {"<", Operator::less, 3},
    {"lt", Operator::less, 3},
    {">", Operator::greater, 3},
    {"gt", Operator::greater, 3},
    {"+", Operator::add, 4},
    {"-", Operator::subtract, 4},
    {"*", Operator::multiply, 5},
    {"/", Operator::divide, 5},
    {"%", Operator::remainder, 5},
});

}  // namespace

// Operators of one precedence nest to the left, as deep as there are many: they count as nesting.
bool Parser::read_expression(Expression& out, size_t precedence) {
  if (precedence > highest_precedence) return read_operand(out);
  const size_t depth = depth_;
  if (precedence == 0 && !enter()) return false;
  if (!read_expression(out, precedence + 1)) return false;
  while (auto symbol = take_operator(precedence)) {
    if (!enter()) return false;
    Operation operation{.symbol = *symbol};
    const Place place = out.place;
    operation.operands.push_back(std::move(out));
    if (!read_expression(operation.operands.emplace_back(), precedence + 1)) return false;
    out = Expression{place, std::move(operation)};
  }
  depth_ = depth;
  return true;
}

std::optional<Operator> Parser::take_operator(size_t precedence) {
  in_.pass_space();
  for (const Infix& infix : infixes) {
    if (infix.precedence != precedence || !in_.sees(infix.symbol)) continue;
    if (is_lower(infix.symbol.front()) && continues_name(in_.peek(infix.symbol.size()))) continue;
    in_.pass(infix.symbol.size());
    return infix.meaning;
  }
  return std::nullopt;
}

bool Parser::read_operand(Expression& out) {
  in_.pass_space();
  const Place place = in_.place();
  const bool negated = (in_.peek() == '!' && in_.take("!")) || (in_.sees("not") && !continues_name(in_.peek(3)) && in_.take("not"));
  if (!negated) return read_primary(out);
  Operation negation{.symbol = Operator::negation};
  if (!enter() || !read_operand(negation.operands.emplace_back())) return false;
  leave();
  out = Expression{place, std::move(negation)};
  return true;
}

bool Parser::read_primary(Expression& out) {
  in_.pass_space();
  out.place = in_.place();
  const char c = in_.peek();
  if (c == '$') {
    auto reference = take_reference();
    if (!reference) return in_.refuse("a reference is malformed");
    out.form = std::move(*reference);
    return true;
  }
  if (c == '(') {
    in_.pass();
    if (!read_expression(out)) return false;
    in_.pass_space();
    return in_.take(")") || in_.refuse("')' is expected");
  }
  if (c == '\'') return read_raw_string(out);
  if (c == '"') return read_string(out);
  if (c == '[') return read_list_or_range(out);
  if (c == '{') return read_map(out);
  if (is_digit(c) || (c == '-' && is_digit(in_.peek(1)))) return read_number(out);
  return read_word(out);
}

bool Parser::read_word(Expression& out) {
  const size_t from = in_.offset();
  const std::string_view word = in_.take_name();
  if (word != "true" && word != "false") return in_.refuse_at(from, "an expression is expected");
  out.form = Literal{word == "true"};
  return true;
}

// "1..3" is no number with a point.
bool Parser::read_number(Expression& out) {
  const size_t from = in_.offset();
  in_.take("-");
  while (is_digit(in_.peek())) in_.pass();
  bool is_double = in_.peek() == '.' && is_digit(in_.peek(1));
  if (is_double) in_.pass();
  while (is_digit(in_.peek())) in_.pass();
  const char sign = in_.peek(1);
  if (is_double && (in_.peek() == 'e' || in_.peek() == 'E') &&
      (is_digit(sign) || ((sign == '-' || sign == '+') && is_digit(in_.peek(2))))) {
    in_.pass(2);
    while (is_digit(in_.peek())) in_.pass();
  }
  const std::string_view text = in_.since(from);
  int64_t integer = 0;
  double number = 0;
  const auto end = text.data() + text.size();
  if (!is_double && std::from_chars(text.data(), end, integer).ec == std::errc())
    out.form = Literal{integer};
  else if (is_double && std::from_chars(text.data(), end, number).ec == std::errc())
    out.form = Literal{number};
  else
    return in_.refuse_at(from, "a number is too large");
  return true;
}

// In single quotes nothing is replaced; two of them are one.
bool Parser::read_raw_string(Expression& out) {
  std::string text;
  in_.pass();
  for (;;) {
    const size_t close = in_.rest().find('\'');
    if (close == std::string_view::npos) return in_.refuse("a text without its closing quote");
    text += in_.rest().substr(0, close);
    in_.pass(close + 1);
    if (!in_.take("'")) break;
    text += '\'';
  }
  out.form = Literal{std::move(text)};
  return true;
}

// In double quotes is a template of its own; two of them are one.
bool Parser::read_string(Expression& out) {
  std::string text;
  in_.pass();
  const Place start = in_.place();
  for (;;) {
    const size_t close = in_.rest().find('"');
    if (close == std::string_view::npos) return in_.refuse("a text without its closing quote");
    text += in_.rest().substr(0, close);
    in_.pass(close + 1);
    if (!in_.take("\"")) break;
    text += '"';
  }
  if (text.find_first_of("$#") == text.npos) return out.form = Literal{std::move(text)}, true;
  if (!enter()) return false;
  Block block;
  Parser nested(text, macro_names_, start, depth_);
  if (!nested.whole(block, *macros_)) return in_.refuse(nested.error());
  leave();
  out.form = Interpolation{std::make_shared<const Block>(std::move(block))};
  return true;
}

bool Parser::read_list_or_range(Expression& out) {
  if (!enter()) return false;
  in_.pass();
  in_.pass_space();
  std::vector<Expression> elements;
  bool is_range = false;
  if (in_.peek() != ']') {
    do {
      if (!read_expression(elements.emplace_back())) return false;
      in_.pass_space();
      is_range = is_range || (elements.size() == 1 && in_.sees(".."));
    } while (in_.take(is_range && elements.size() == 1 ? ".." : ","));
  }
  if (is_range && elements.size() != 2) return in_.refuse("a range has two ends");
  if (!in_.take("]")) return in_.refuse("']' is expected");
  leave();
  if (is_range)
    out.form = RangeLiteral{std::move(elements)};
  else
    out.form = ListLiteral{std::move(elements)};
  return true;
}

bool Parser::read_map(Expression& out) {
  if (!enter()) return false;
  MapLiteral map;
  in_.pass();
  in_.pass_space();
  if (!in_.take("}")) {
    do {
      if (!read_expression(map.keys.emplace_back())) return false;
      in_.pass_space();
      if (!in_.take(":")) return in_.refuse("':' is expected");
      if (!read_expression(map.values.emplace_back())) return false;
      in_.pass_space();
    } while (in_.take(","));
    if (!in_.take("}")) return in_.refuse("'}' is expected");
  }
  leave();
  out.form = std::move(map);
  return true;
}

}  // namespace outcrop::expr::velocity
