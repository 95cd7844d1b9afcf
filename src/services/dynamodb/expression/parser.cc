#include "services/dynamodb/expression/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "services/dynamodb/expression/token.h"
#include "services/dynamodb/limits.h"

namespace outcrop::dynamodb {

namespace {

Fault expression_refused(std::string message) { return {"ValidationException", 400, std::move(message)}; }

// Recursive descent over the tokens. Every function gives false once the expression has failed, which is kept in fault_.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  Result<ConditionExpression> condition() {
    ConditionExpression expression{.condition = {.kind = ConditionSyntax::Kind::and_}};
    if (!parse_or(expression.condition) || !at_end()) return fail(*fault_);
    expression.has_redundant_parentheses = has_redundant_parentheses_;
    expression.operators = operators_;
    return expression;
  }

  Result<UpdateExpression> update() {
    UpdateExpression expression;
    do {
      if (!parse_section(expression)) return fail(*fault_);
    } while (now().kind != TokenKind::end);
    expression.operators = operators_;
    return expression;
  }

  Result<ProjectionExpression> projection() {
    ProjectionExpression expression;
    do {
      if (!parse_path(expression.paths.emplace_back())) return fail(*fault_);
    } while (take(","));
    if (!at_end()) return fail(*fault_);
    return expression;
  }

 private:
  const Token& now() const { return tokens_[at_]; }
  const Token& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }

  bool refuse() {
    if (!fault_) fault_ = syntax_error(text_, tokens_, at_);
    return false;
  }
  bool refuse_with(std::string message) {
    if (!fault_) fault_ = expression_refused(std::move(message));
    return false;
  }
  bool take(std::string_view symbol) {
    if (!now().is(symbol)) return false;
    ++at_;
    return true;
  }
  bool take_keyword(std::string_view keyword) {
    if (!now().is_keyword(keyword)) return false;
    ++at_;
    return true;
  }
  bool expect(std::string_view symbol) { return take(symbol) || refuse(); }
  bool at_end() { return now().kind == TokenKind::end || refuse(); }
  bool count_operator() {
    if (++operators_ <= limits::expression_operators_max) return true;
    return refuse_with(fmt::format("The expression contains more than {} operators", limits::expression_operators_max));
  }

  // Whether the parenthesis here closes right before another one closes, and opened right behind one: "((a = b))".
  bool is_doubled_parenthesis() const {
    if (!now().is("(") || !next().is("(")) return false;
    const size_t inner = closing_of(at_ + 1), outer = closing_of(at_);
    return inner != 0 && outer == inner + 1;
  }
  size_t closing_of(size_t opening) const {
    size_t depth = 0;
    for (size_t i = opening; i < tokens_.size(); ++i) {
      if (tokens_[i].is("(")) ++depth;
      if (tokens_[i].is(")") && --depth == 0) return i;
    }
    return 0;
  }

  bool parse_or(ConditionSyntax& out) { return parse_chain(out, "OR", ConditionSyntax::Kind::or_, &ExpressionParser::parse_and); }
  bool parse_and(ConditionSyntax& out) { return parse_chain(out, "AND", ConditionSyntax::Kind::and_, &ExpressionParser::parse_not); }

  bool parse_chain(ConditionSyntax& out, std::string_view keyword, ConditionSyntax::Kind kind,
                   bool (ExpressionParser::*parse_link)(ConditionSyntax&)) {
    std::vector<ConditionSyntax> links(1, ConditionSyntax{.kind = kind});
    if (!(this->*parse_link)(links.back())) return false;
    while (take_keyword(keyword)) {
      links.push_back({.kind = kind});
      if (!count_operator() || !(this->*parse_link)(links.back())) return false;
    }
    if (links.size() == 1) {
      out = std::move(links.front());
    } else {
      out = {.kind = kind, .conditions = std::move(links)};
    }
    return true;
  }

  bool parse_not(ConditionSyntax& out) {
    if (!take_keyword("NOT")) return parse_primary(out);
    if (!count_operator()) return false;
    out = {.kind = ConditionSyntax::Kind::not_};
    return deeper([&] { return parse_not(out.conditions.emplace_back(ConditionSyntax{.kind = ConditionSyntax::Kind::not_})); });
  }

  template <class Parse>
  bool deeper(Parse parse) {
    if (++depth_ > limits::expression_depth_max) return refuse_with("The expression is nested too deeply");
    const bool parsed = parse();
    --depth_;
    return parsed;
  }

  // A parenthesis holds a condition, or an operand of one.
  bool parse_primary(ConditionSyntax& out) {
    if (!now().is("(") || is_operand_parenthesis()) return parse_comparison(out);
    has_redundant_parentheses_ |= is_doubled_parenthesis();
    ++at_;
    return deeper([&] { return parse_or(out); }) && expect(")");
  }
  bool is_operand_parenthesis() const {
    const size_t closing = closing_of(at_);
    if (closing == 0 || closing + 1 >= tokens_.size()) return false;
    const Token& behind = tokens_[closing + 1];
    if (behind.is_keyword("BETWEEN") || behind.is_keyword("IN")) return true;
    return comparator_of(behind).has_value();
  }

  static std::optional<Comparator> comparator_of(const Token& token) {
    if (token.kind != TokenKind::symbol) return std::nullopt;
    for (const Comparator comparator : {Comparator::eq, Comparator::ne, Comparator::lt, Comparator::le, Comparator::gt, Comparator::ge}) {
      if (token.text == symbol_of(comparator)) return comparator;
    }
    return std::nullopt;
  }

  bool parse_comparison(ConditionSyntax& out) {
    out = {.kind = ConditionSyntax::Kind::function};
    if (!parse_operand(out.operands.emplace_back())) return false;
    if (const std::optional<Comparator> comparator = comparator_of(now())) {
      out.kind = ConditionSyntax::Kind::compare;
      out.comparator = *comparator;
      ++at_;
      return count_operator() && parse_operand(out.operands.emplace_back());
    }
    if (take_keyword("BETWEEN")) {
      out.kind = ConditionSyntax::Kind::between;
      if (!count_operator() || !parse_operand(out.operands.emplace_back())) return false;
      if (!take_keyword("AND")) return refuse();
      return parse_operand(out.operands.emplace_back());
    }
    if (take_keyword("IN")) return count_operator() && parse_in(out);
    return out.operands[0].kind == OperandSyntax::Kind::function || refuse();
  }

  bool parse_in(ConditionSyntax& out) {
    out.kind = ConditionSyntax::Kind::in;
    if (!expect("(")) return false;
    do {
      if (!parse_operand(out.operands.emplace_back())) return false;
    } while (take(","));
    if (out.operands.size() - 1 > limits::expression_operands_of_in_max)
      return refuse_with(
          fmt::format("Invalid operator IN: the number of operands exceeds the limit of {}", limits::expression_operands_of_in_max));
    return expect(")");
  }

  bool parse_operand(OperandSyntax& out) {
    if (now().is("(")) {
      has_redundant_parentheses_ |= is_doubled_parenthesis();
      ++at_;
      return deeper([&] { return parse_operand(out); }) && expect(")");
    }
    if (now().kind == TokenKind::value) {
      out.kind = OperandSyntax::Kind::value;
      out.name = now().text;
      ++at_;
      return true;
    }
    if (now().kind == TokenKind::word && next().is("(") && !is_reserved_for_syntax(now())) return parse_function(out);
    return parse_path(out.path);
  }

  bool parse_function(OperandSyntax& out) {
    out.kind = OperandSyntax::Kind::function;
    out.name = now().text;
    at_ += 2;
    if (!count_operator()) return false;
    const bool parsed = deeper([&] {
      do {
        if (!parse_operand(out.arguments.emplace_back())) return false;
      } while (take(","));
      return true;
    });
    return parsed && expect(")");
  }

  static bool is_reserved_for_syntax(const Token& token) {
    constexpr std::array<std::string_view, 9> words = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"};
    return std::ranges::any_of(words, [&](std::string_view word) { return token.is_keyword(word); });
  }

  bool parse_path(PathSyntax& out) {
    if (!parse_name(out)) return false;
    for (;;) {
      if (take(".")) {
        if (!parse_name(out)) return false;
      } else if (take("[")) {
        if (now().kind != TokenKind::number) return refuse();
        size_t place = 0;
        const auto [end, error] = std::from_chars(now().text.data(), now().text.data() + now().text.size(), place);
        if (error != std::errc() || place > max_place)
          return refuse_with(fmt::format("List index is not within the allowable range; index: [{}]", now().text));
        out.push_back({.step = place});
        ++at_;
        if (!expect("]")) return false;
      } else {
        return true;
      }
    }
  }
  bool parse_name(PathSyntax& out) {
    const bool is_word = now().kind == TokenKind::word && !is_reserved_for_syntax(now());
    if (!is_word && now().kind != TokenKind::name) return refuse();
    out.push_back({.step = std::string(now().text), .is_placeholder = !is_word});
    ++at_;
    return true;
  }

  bool parse_section(UpdateExpression& out) {
    constexpr std::array<std::pair<std::string_view, UpdateAction::Kind>, 4> sections = {{{"SET", UpdateAction::Kind::set},
                                                                                          {"REMOVE", UpdateAction::Kind::remove},
                                                                                          {"ADD", UpdateAction::Kind::add},
                                                                                          {"DELETE", UpdateAction::Kind::delete_}}};
    for (const auto& [keyword, kind] : sections) {
      if (!take_keyword(keyword)) continue;
      if (sections_seen_ & 1u << unsigned(kind) && out.repeated_section.empty()) out.repeated_section = keyword;
      sections_seen_ |= 1u << unsigned(kind);
      do {
        if (!parse_action(out.actions.emplace_back(UpdateAction{.kind = kind, .path = {}}))) return false;
      } while (take(","));
      return true;
    }
    return refuse();
  }
  bool parse_action(UpdateAction& out) {
    if (!count_operator() || !parse_path(out.path)) return false;
    switch (out.kind) {
      case UpdateAction::Kind::remove:
        return true;
      case UpdateAction::Kind::set:
        return expect("=") && parse_set_value(out.value);
      case UpdateAction::Kind::add:
      case UpdateAction::Kind::delete_:
        return (now().kind == TokenKind::value || refuse()) && parse_operand(out.value);
    }
    return refuse();
  }
  bool parse_set_value(OperandSyntax& out) {
    if (now().is("(") && holds_arithmetic()) {
      ++at_;
      return deeper([&] { return parse_set_value(out); }) && expect(")");
    }
    if (!parse_operand(out)) return false;
    if (!now().is("+") && !now().is("-")) return true;
    OperandSyntax sum{.kind = now().is("+") ? OperandSyntax::Kind::plus : OperandSyntax::Kind::minus};
    ++at_;
    sum.arguments.push_back(std::move(out));
    out = std::move(sum);
    return count_operator() && parse_operand(out.arguments.emplace_back());
  }
  // Whether a sum stands in the parenthesis that opens here.
  bool holds_arithmetic() const {
    const size_t closing = closing_of(at_);
    for (size_t i = at_; i < closing; ++i) {
      if (tokens_[i].is("+") || tokens_[i].is("-")) return true;
    }
    return false;
  }

  static constexpr size_t max_place = 1 << 24;

  const std::string_view text_;
  const std::vector<Token> tokens_;
  size_t at_ = 0, depth_ = 0, operators_ = 0;
  unsigned sections_seen_ = 0;
  bool has_redundant_parentheses_ = false;
  std::optional<Fault> fault_;
};

Result<void> check_length(std::string_view expression) {
  if (expression.empty()) return fail(expression_refused("The expression can not be empty;"));
  if (expression.size() <= limits::expression_bytes_max) return {};
  return fail(
      expression_refused(fmt::format("Expression size has exceeded the maximum allowed size; expression size: {}", expression.size())));
}

}  // namespace

std::string_view symbol_of(Comparator comparator) {
  constexpr std::array<std::string_view, 6> symbols = {"=", "<>", "<", "<=", ">", ">="};
  return symbols[size_t(comparator)];
}

Result<ConditionExpression> parse_condition(std::string_view expression) {
  if (auto checked = check_length(expression); !checked) return fail(std::move(checked.error()));
  return ExpressionParser(expression).condition();
}

Result<UpdateExpression> parse_update(std::string_view expression) {
  if (auto checked = check_length(expression); !checked) return fail(std::move(checked.error()));
  return ExpressionParser(expression).update();
}

Result<ProjectionExpression> parse_projection(std::string_view expression) {
  if (auto checked = check_length(expression); !checked) return fail(std::move(checked.error()));
  return ExpressionParser(expression).projection();
}

}  // namespace outcrop::dynamodb
