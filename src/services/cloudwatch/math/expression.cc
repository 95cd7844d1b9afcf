#include "services/cloudwatch/math/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "services/cloudwatch/limits.h"
#include "services/cloudwatch/math/functions.h"

namespace outcrop::cloudwatch {
namespace {

constexpr std::string_view words[] = {"REPEAT", "LINEAR", "ASC", "DESC", "AVG", "MIN", "MAX", "SUM"};
// What AWS has and Outcrop has not.
constexpr std::string_view unbuilt_functions[] = {"ANOMALY_DETECTION_BAND", "DB_PERF_INSIGHTS", "INSIGHT_RULE_METRIC", "LAMBDA", "SEARCH",
                                                  "SERVICE_QUOTA",          "TIME_SHIFT"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> whole() {
    Expression expression = operation(0);
    skip_space();
    if (problem_.empty() && at_ < text_.size()) refuse(fmt::format("Unexpected '{}'", text_.substr(at_, 1)));
    if (!problem_.empty()) return fail("ValidationException", 400, std::move(problem_));
    return expression;
  }

 private:
  // The binary operators by how tightly they bind; of two that begin alike the longer first.
  static constexpr size_t levels = 5;
  static constexpr std::string_view operators[levels][6] = {
      {"OR", "||"}, {"AND", "&&"}, {"==", "!=", "<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/"}};

  void refuse(std::string problem) {
    if (problem_.empty()) problem_ = fmt::format("{} at position {}.", problem, at_);
    at_ = text_.size();
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(fmt::format("Expected '{}'", c));
  }

  std::string_view take_operator(size_t level) {
    skip_space();
    for (std::string_view candidate : operators[level]) {
      if (candidate.empty() || !text_.substr(at_).starts_with(candidate)) continue;
      const size_t end = at_ + candidate.size();
      if (is_letter(candidate[0]) && end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '_')) continue;
      at_ = end;
      return candidate;
    }
    return {};
  }

  Expression operation(size_t level) {
    if (level == levels) return negation();
    Expression left = operation(level + 1);
    for (;;) {
      std::string_view name = take_operator(level);
      if (name.empty() || !problem_.empty()) return left;
      if (name == "||") name = "OR";
      if (name == "&&") name = "AND";
      Expression both{.kind = Expression::Kind::operation, .name = std::string(name)};
      both.operands.push_back(std::move(left));
      both.operands.push_back(operation(level + 1));
      // Trees of operators lean to the left and are as deep as they are long.
      if (++operations_ > operations_max) refuse("Too many operators");
      left = std::move(both);
    }
  }

  Expression negation() {
    const Nesting nesting(*this);
    if (!take('-')) return power();
    Expression negation{.kind = Expression::Kind::negation, .name = "-"};
    negation.operands.push_back(this->negation());
    return negation;
  }

  Expression power() {
    Expression base = operand();
    if (!take('^')) return base;
    Expression power{.kind = Expression::Kind::operation, .name = "^"};
    power.operands.push_back(std::move(base));
    power.operands.push_back(negation());
    return power;
  }

  Expression operand() {
    const Nesting nesting(*this);
    const char c = peek();
    if (is_digit(c) || c == '.') return number();
    if (c == '"' || c == '\'') return quoted(c);
    if (is_letter(c)) return named();
    if (take('(')) {
      Expression inner = operation(0);
      expect(')');
      return inner;
    }
    if (take('[')) {
      Expression list{.kind = Expression::Kind::list, .operands = arguments(']')};
      if (list.operands.empty()) refuse("An array needs an element");
      return list;
    }
    refuse(c == '\0' ? "Unexpected end" : fmt::format("Unexpected '{}'", std::string_view(&c, 1)));
    return {};
  }

  Expression number() {
    Expression number;
    auto [end, wrong] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number.number);
    if (wrong != std::errc() || !std::isfinite(number.number)) {
      refuse("Invalid number");
      return {};
    }
    at_ = size_t(end - text_.data());
    return number;
  }

  Expression quoted(char quote) {
    const size_t end = text_.find(quote, at_ + 1);
    if (end == text_.npos) {
      refuse("Unterminated text");
      return {};
    }
    Expression text{.kind = Expression::Kind::text, .name = std::string(text_.substr(at_ + 1, end - at_ - 1))};
    at_ = end + 1;
    return text;
  }

  Expression named() {
    const size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_')) ++at_;
    std::string name(text_.substr(begin, at_ - begin));
    if (name[0] >= 'a' && name[0] <= 'z') return {.kind = Expression::Kind::id, .name = std::move(name)};
    if (!take('(')) {
      if (!is_among(words, name)) refuse(fmt::format("Unexpected '{}'", name));
      return {.kind = Expression::Kind::word, .name = std::move(name)};
    }
    if (is_among(unbuilt_functions, name))
      refuse(fmt::format("Function '{}' is not supported", name));
    else if (!is_function(name))
      refuse(fmt::format("Function '{}' not found", name));
    return {.kind = Expression::Kind::call, .name = std::move(name), .operands = arguments(')')};
  }

  std::vector<Expression> arguments(char end) {
    std::vector<Expression> arguments;
    if (take(end)) return arguments;
    do {
      arguments.push_back(operation(0));
    } while (problem_.empty() && take(','));
    expect(end);
    return arguments;
  }

  struct Nesting {
    explicit Nesting(Parser& parser) : parser(parser) {
      if (++parser.depth_ > limits::expression_depth_max) parser.refuse("Nested too deeply");
    }
    ~Nesting() { --parser.depth_; }
    Parser& parser;
  };

  static constexpr size_t operations_max = 500;

  std::string_view text_;
  size_t at_ = 0, depth_ = 0, operations_ = 0;
  std::string problem_;
};

void collect_ids(const Expression& expression, std::vector<std::string>& ids) {
  if (expression.kind == Expression::Kind::id && !is_among(ids, expression.name)) ids.push_back(expression.name);
  for (const Expression& operand : expression.operands) collect_ids(operand, ids);
}

}  // namespace

Result<Expression> parse_expression(std::string_view text) { return Parser(text).whole(); }

std::vector<std::string> ids_in(const Expression& expression) {
  std::vector<std::string> ids;
  collect_ids(expression, ids);
  return ids;
}

bool uses_metrics_function(const Expression& expression) {
  if (expression.kind == Expression::Kind::call && expression.name == "METRICS") return true;
  return std::ranges::any_of(expression.operands, uses_metrics_function);
}

}  // namespace outcrop::cloudwatch
