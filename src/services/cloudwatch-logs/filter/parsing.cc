// How filter patterns are read: by recursive descent, once a request.
#include <charconv>

#include "services/cloudwatch-logs/filter/characters.h"
#include "services/cloudwatch-logs/filter/filter_pattern.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {
namespace {

bool is_name(char c) { return ascii_alphanumeric(c) || c == '_' || c == '-'; }

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  Result<Terms> terms();
  Result<JsonCondition> json();
  Result<Fields> fields();

 private:
  using Part = Result<Condition> (PatternReader::*)();

  void skip_space();
  bool at_end() const { return at_ == text_.size(); }
  char next() const { return at_end() ? '\0' : text_[at_]; }
  bool take(std::string_view token);
  bool take_word(std::string_view word);
  std::string_view take_name();
  auto problem(std::string_view what) const {
    return fail(invalid(fmt::format("Invalid filter pattern: {} at character {}.", what, at_ + 1)));
  }

  Result<std::string> quoted();
  Result<RegularExpression> expression();
  Result<Term> term();
  Result<Literal> literal();
  Result<Comparison> comparison();
  Result<std::vector<SelectorStep>> selector();
  Result<SelectorStep> bracketed_step();
  Result<Condition> any(Part part);
  Result<Condition> all(Part part);
  Result<Condition> json_part();
  Result<Condition> json_test();
  Result<Condition> field_test();
  Result<std::optional<Condition>> field();

  std::string_view text_;
  size_t at_ = 0;
  size_t depth_ = 0;
  size_t expressions_ = 0;
  std::string_view field_;  // whose condition is read
};

void PatternReader::skip_space() {
  while (!at_end() && ascii_space(text_[at_])) ++at_;
}

bool PatternReader::take(std::string_view token) {
  skip_space();
  if (!text_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  return true;
}

bool PatternReader::take_word(std::string_view word) {
  const size_t before = at_;
  if (take(word) && !is_name(next())) return true;
  at_ = before;
  return false;
}

std::string_view PatternReader::take_name() {
  const size_t begin = at_;
  while (!at_end() && is_name(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

Result<std::string> PatternReader::quoted() {
  const char quote = text_[at_++];
  std::string out;
  for (; !at_end() && text_[at_] != quote; ++at_) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == quote || text_[at_ + 1] == '\\')) ++at_;
    out += text_[at_];
  }
  if (at_end()) return problem("a quotation without end");
  ++at_;
  return out;
}

Result<RegularExpression> PatternReader::expression() {
  const size_t end = text_.find('%', at_ + 1);
  if (end == text_.npos) return problem("a regular expression without end");
  if (++expressions_ > limits::pattern_expressions_max) return problem("more than two regular expressions");
  const std::string_view text = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return RegularExpression::compile(text);
}

Result<Term> PatternReader::term() {
  if (next() == '"') {
    auto text = quoted();
    if (!text) return fail(std::move(text.error()));
    return Term{std::move(*text)};
  }
  if (next() == '%') {
    auto compiled = expression();
    if (!compiled) return fail(std::move(compiled.error()));
    return Term{"", std::move(*compiled)};
  }
  const size_t begin = at_;
  bool is_word = true;
  for (; !at_end() && !ascii_space(text_[at_]); ++at_)
    is_word &= ascii_alphanumeric(text_[at_]) || text_[at_] == '_' || uint8_t(text_[at_]) >= 0x80;
  const std::string_view word = text_.substr(begin, at_ - begin);
  if (word.empty()) return problem("a term is missing");
  if (!is_word) return fail(invalid(fmt::format("Invalid character(s) in term '{}'", word)));
  return Term{std::string(word)};
}

Result<Terms> PatternReader::terms() {
  Terms terms;
  for (skip_space(); !at_end(); skip_space()) {
    auto& kind = take("-") ? terms.excluded : take("?") ? terms.optional : terms.required;
    skip_space();
    auto read = term();
    if (!read) return fail(std::move(read.error()));
    kind.push_back(std::move(*read));
  }
  return terms;
}

Result<Literal> PatternReader::literal() {
  skip_space();
  if (next() == '"') {
    auto text = quoted();
    if (!text) return fail(std::move(text.error()));
    return Literal{std::move(*text)};
  }
  if (next() == '%') {
    auto compiled = expression();
    if (!compiled) return fail(std::move(compiled.error()));
    return Literal{.expression = std::move(*compiled)};
  }
  constexpr std::string_view ends = ")}],|&=<>\"";
  const size_t begin = at_;
  while (!at_end() && !ascii_space(text_[at_]) && !ends.contains(text_[at_])) ++at_;
  const std::string_view text = text_.substr(begin, at_ - begin);
  if (text.empty()) return problem("a value is missing");
  return Literal{std::string(text), number_of(text)};
}

Result<Comparison> PatternReader::comparison() {
  using enum Comparison;
  static constexpr std::pair<std::string_view, Comparison> operators[] = {{"!=", not_equal}, {"<=", less_equal}, {">=", greater_equal},
                                                                          {"=", equal},      {"<", less},        {">", greater}};
  for (const auto& [text, comparison] : operators)
    if (take(text)) return comparison;
  return problem("a comparison is missing");
}

Result<SelectorStep> PatternReader::bracketed_step() {
  skip_space();
  SelectorStep step;
  if (next() == '\'' || next() == '"') {
    auto name = quoted();
    if (!name) return fail(std::move(name.error()));
    step = std::move(*name);
  } else {
    size_t index = 0;
    auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), index);
    if (error != std::errc()) return problem("an index of an array is missing");
    at_ = size_t(end - text_.data());
    step = index;
  }
  if (!take("]")) return problem("a bracket is not closed");
  return step;
}

Result<std::vector<SelectorStep>> PatternReader::selector() {
  if (!take("$")) return problem("a selector must begin with $");
  std::vector<SelectorStep> steps;
  for (;;) {
    if (next() == '.' && at_ + 1 < text_.size() && text_[at_ + 1] != '[') {
      ++at_;
      const std::string_view name = take_name();
      if (name.empty()) return problem("a property's name is missing");
      steps.emplace_back(std::string(name));
    } else if (next() == '[' || next() == '.') {
      at_ += next() == '.' ? 2 : 1;
      if (at_ > text_.size()) return problem("a property's name is missing");
      auto step = bracketed_step();
      if (!step) return fail(std::move(step.error()));
      steps.push_back(std::move(*step));
    } else {
      break;
    }
  }
  if (steps.empty()) return problem("a selector must name a property");
  return steps;
}

Result<Condition> PatternReader::any(Part part) {
  Condition condition{.kind = Condition::Kind::any};
  do {
    auto read = all(part);
    if (!read) return read;
    condition.parts.push_back(std::move(*read));
  } while (take("||"));
  return condition;
}

Result<Condition> PatternReader::all(Part part) {
  Condition condition{.kind = Condition::Kind::all};
  do {
    auto read = (this->*part)();
    if (!read) return read;
    condition.parts.push_back(std::move(*read));
  } while (take("&&"));
  return condition;
}

Result<Condition> PatternReader::json_part() {
  if (!take("(")) return json_test();
  if (++depth_ > limits::pattern_depth_max) return problem("parentheses are too deep");
  auto condition = any(&PatternReader::json_part);
  if (!condition) return condition;
  if (!take(")")) return problem("a parenthesis is not closed");
  --depth_;
  return condition;
}

Result<Condition> PatternReader::json_test() {
  auto steps = selector();
  if (!steps) return fail(std::move(steps.error()));
  Condition condition{.selector = std::move(*steps)};
  if (take_word("IS")) {
    if (take_word("NULL"))
      condition.comparison = Comparison::is_null;
    else if (take_word("TRUE"))
      condition.comparison = Comparison::is_true;
    else if (take_word("FALSE"))
      condition.comparison = Comparison::is_false;
    else
      return problem("NULL, TRUE or FALSE is missing");
    return condition;
  }
  if (take_word("NOT")) {
    if (!take_word("EXISTS")) return problem("EXISTS is missing");
    condition.comparison = Comparison::not_exists;
    return condition;
  }
  auto compared = comparison();
  if (!compared) return fail(std::move(compared.error()));
  auto value = literal();
  if (!value) return fail(std::move(value.error()));
  condition.comparison = *compared;
  condition.literal = std::move(*value);
  return condition;
}

Result<JsonCondition> PatternReader::json() {
  take("{");
  auto condition = any(&PatternReader::json_part);
  if (!condition) return fail(std::move(condition.error()));
  if (!take("}")) return problem("} is missing");
  skip_space();
  if (!at_end()) return problem("something follows the condition");
  return JsonCondition{std::move(*condition)};
}

// Within the condition of a field: the field's name, a comparison and a value.
Result<Condition> PatternReader::field_test() {
  skip_space();
  if (take_name() != field_) return problem("the condition of a field must be about this field");
  auto compared = comparison();
  if (!compared) return fail(std::move(compared.error()));
  auto value = literal();
  if (!value) return fail(std::move(value.error()));
  return Condition{.comparison = *compared, .literal = std::move(*value)};
}

Result<std::optional<Condition>> PatternReader::field() {
  skip_space();
  const size_t begin = at_;
  field_ = take_name();
  skip_space();
  if (next() == ',' || next() == ']') return std::nullopt;
  at_ = begin;
  if (field_.empty()) return problem("the name of a field is missing");
  auto condition = any(&PatternReader::field_test);
  if (!condition) return fail(std::move(condition.error()));
  return std::move(*condition);
}

Result<Fields> PatternReader::fields() {
  take("[");
  Fields fields;
  do {
    if (take("...")) {
      if (fields.ellipsis) return problem("a second ellipsis");
      fields.ellipsis = fields.fields.size();
      continue;
    }
    auto read = field();
    if (!read) return fail(std::move(read.error()));
    fields.fields.push_back(std::move(*read));
  } while (take(","));
  if (!take("]")) return problem("] is missing");
  skip_space();
  if (!at_end()) return problem("something follows the fields");
  return fields;
}

}  // namespace

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  PatternReader reader(text);
  const size_t begin = text.find_first_not_of(" \t\r\n");
  const char first = begin == text.npos ? '\0' : text[begin];
  FilterPattern pattern;
  auto keep_parts = [&](auto parts) -> Result<FilterPattern> {
    if (!parts) return fail(std::move(parts.error()));
    pattern.parts_ = std::move(*parts);
    return std::move(pattern);
  };
  if (first == '{') return keep_parts(reader.json());
  if (first == '[') return keep_parts(reader.fields());
  return keep_parts(reader.terms());
}

}  // namespace outcrop::cloudwatch_logs
