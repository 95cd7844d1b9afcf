#include "expr/selection_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

#include "expr/java_text.h"
#include "expr/json_path.h"
#include "expr/limits.h"
#include "expr/regular_expression.h"
#include "expr/text.h"

namespace outcrop::expr {

// A variable of the expression, with the path into its document or the name behind it.
struct SelectedVariable {
  SelectionVariable variable;
  std::optional<JsonPath> path;
  std::string name;
};

struct CompiledSelection {
  std::vector<std::variant<std::string, SelectedVariable>> parts;
};

struct SelectionKey::Pattern {
  RegularExpression expression;
};

namespace {

enum class Behind : uint8_t { nothing, name, path };  // what follows the words of a variable

struct KnownVariable {
  std::string_view words;
  SelectionVariable variable;
  Behind behind;
};

constexpr auto known_variables = std::to_array<KnownVariable>({
    {"request.body", SelectionVariable::request_body, Behind::path},
    {"request.header", SelectionVariable::request_header, Behind::name},
    {"request.querystring", SelectionVariable::request_querystring, Behind::name},
    {"request.multivalueheader", SelectionVariable::request_multivalue_header, Behind::name},
    {"request.multivaluequerystring", SelectionVariable::request_multivalue_querystring, Behind::name},
    {"request.basepath", SelectionVariable::request_base_path, Behind::nothing},
    {"request.method", SelectionVariable::request_method, Behind::nothing},
    {"request.path", SelectionVariable::request_path, Behind::nothing},
    {"context", SelectionVariable::context, Behind::path},
    {"stageVariables", SelectionVariable::stage_variable, Behind::name},
    {"integration.response.body", SelectionVariable::response_body, Behind::path},
    {"integration.response.statuscode", SelectionVariable::response_status_code, Behind::nothing},
    {"integration.response.header", SelectionVariable::response_header, Behind::name},
    {"integration.response.multivalueheader", SelectionVariable::response_multivalue_header, Behind::name},
});

constexpr std::string_view reserved_key = "$default";

bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }

std::unexpected<Fault> refused_selection(std::string_view text, std::string_view problem) {
  return fail("BadRequestException", 400, fmt::format("Invalid selection expression specified: {}: {}", text, problem));
}

// The end of "[…]" that begins at `at`, quotes and brackets within it respected; the end of the text when it is not closed.
size_t end_of_bracket(std::string_view text, size_t at) {
  size_t open = 0;
  for (char quote = '\0'; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      if (c == '\\')
        ++at;
      else if (c == quote)
        quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[') {
      ++open;
    } else if (c == ']' && --open == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// The end of a variable without braces: names, dots between them, brackets.
size_t end_of_variable(std::string_view text, size_t at) {
  while (at < text.size()) {
    if (is_name_character(text[at]))
      ++at;
    else if (text[at] == '[')
      at = end_of_bracket(text, at);
    else if (text[at] == '.' && at + 1 < text.size() && (is_name_character(text[at + 1]) || text[at + 1] == '.' || text[at + 1] == '*'))
      at += text[at + 1] == '*' ? 2 : 1;
    else
      break;
  }
  return at;
}

// The place of the brace that closes one before `at`; the end of the text when none does.
size_t closing_brace(std::string_view text, size_t at) {
  while (at < text.size() && text[at] != '}') at = text[at] == '[' ? end_of_bracket(text, at) : at + 1;
  return at;
}

std::expected<SelectedVariable, std::string> compile_variable(std::string_view text) {
  for (const KnownVariable& known : known_variables) {
    if (!text.starts_with(known.words)) continue;
    const std::string_view rest = text.substr(known.words.size());
    if (!rest.empty() && rest.front() != '.' && rest.front() != '[') continue;
    SelectedVariable variable{.variable = known.variable};
    if (known.behind == Behind::path) {
      auto path = JsonPath::parse("$" + std::string(rest));
      if (!path) return std::unexpected(fmt::format("the path of \"{}\" is none: {}", text, path.error()));
      variable.path = std::move(*path);
    } else {
      variable.name = rest.empty() ? rest : rest.substr(1);
      if (variable.name.empty() == (known.behind == Behind::name)) break;
    }
    return variable;
  }
  return std::unexpected(fmt::format("there is no variable \"{}\"", text));
}

class SelectionParser {
 public:
  explicit SelectionParser(std::string_view text) : text_(text) {}

  Result<CompiledSelection> whole() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("\\$")) {
        literal_ += '$';
        at_ += 2;
      } else if (rest == reserved_key && at_ == 0) {
        literal_ += reserved_key;
        at_ += reserved_key.size();
      } else if (rest.front() == '$') {
        if (auto read = read_variable(); !read) return refused_selection(text_, read.error());
      } else {
        literal_ += text_[at_++];
      }
    }
    end_literal();
    return std::move(compiled_);
  }

 private:
  std::expected<void, std::string> read_variable() {
    const bool braced = text_.substr(at_).starts_with("${");
    const size_t from = at_ + (braced ? 2 : 1);
    const size_t end = braced ? closing_brace(text_, from) : end_of_variable(text_, from);
    if (braced && end == text_.size()) return std::unexpected("a brace is not closed");
    auto variable = compile_variable(text_.substr(from, end - from));
    if (!variable) return std::unexpected(std::move(variable.error()));
    end_literal();
    compiled_.parts.emplace_back(std::move(*variable));
    at_ = end + (braced ? 1 : 0);
    return {};
  }

  void end_literal() {
    if (!literal_.empty()) compiled_.parts.emplace_back(std::exchange(literal_, {}));
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::string literal_;
  CompiledSelection compiled_;
};

bool is_body(SelectionVariable variable) {
  return variable == SelectionVariable::request_body || variable == SelectionVariable::response_body;
}

// None when the key cannot be told.
std::optional<std::string> text_of(const SelectedVariable& selected, const SelectionSource& source) {
  if (!selected.path) return source.text(selected.variable, selected.name).value_or("");
  const json::Value* document = source.document(selected.variable);
  if (!document) return is_body(selected.variable) ? std::nullopt : std::optional<std::string>("");
  auto found = selected.path->read(*document);
  if (!found) return std::nullopt;
  return found->has_value() && !(*found)->is_null() ? java_text(**found) : "";
}

}  // namespace

Result<SelectionExpression> SelectionExpression::parse(std::string_view text) {
  if (text.empty()) return refused_selection(text, "it is empty");
  if (text.size() > limits::selection_bytes_max)
    return refused_selection(text.substr(0, 64), fmt::format("it is longer than {} bytes", limits::selection_bytes_max));
  auto compiled = SelectionParser(text).whole();
  if (!compiled) return fail(std::move(compiled.error()));
  return SelectionExpression(std::make_shared<const CompiledSelection>(std::move(*compiled)));
}

std::optional<std::string> SelectionExpression::evaluate(const SelectionSource& source) const {
  std::string key;
  for (const auto& part : compiled_->parts) {
    if (auto* literal = std::get_if<std::string>(&part)) {
      key += *literal;
      continue;
    }
    auto text = text_of(std::get<SelectedVariable>(part), source);
    if (!text) return std::nullopt;
    key += *text;
  }
  return key;
}

bool SelectionExpression::asks_only_for(std::initializer_list<SelectionVariable> variables) const {
  return std::ranges::all_of(compiled_->parts, [&](const auto& part) {
    auto* selected = std::get_if<SelectedVariable>(&part);
    return !selected || std::ranges::find(variables, selected->variable) != variables.end();
  });
}

Result<SelectionKey> SelectionKey::parse(std::string_view text) {
  SelectionKey key;
  key.text_ = text;
  if (text.size() >= 2 && text.front() == '/' && text.back() == '/') {
    auto expression = RegularExpression::compile(text.substr(1, text.size() - 2));
    if (!expression) return fail("BadRequestException", 400, fmt::format("Invalid key specified: {}: {}", text, expression.error()));
    key.pattern_ = std::make_shared<const Pattern>(std::move(*expression));
  }
  return key;
}

bool SelectionKey::matches(std::string_view value) const {
  if (!pattern_) return value == text_;
  size_t steps_left = limits::expression_steps_max;
  return pattern_->expression.matches(value, steps_left).value_or(false);
}

}  // namespace outcrop::expr
