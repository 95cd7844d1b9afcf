#define PCRE2_CODE_UNIT_WIDTH 8
#include "services/cloudwatch-logs/filter/regular_expression.h"

#include <pcre2.h>

#include "services/cloudwatch-logs/filter/characters.h"
#include "services/cloudwatch-logs/group/wording.h"
#include "services/cloudwatch-logs/limits.h"

namespace outcrop::cloudwatch_logs {
namespace {

// Guide, "Supported regular expressions (regex) syntax": alphanumeric characters, symbols and operators.
bool is_allowed(char c) {
  constexpr std::string_view symbols_and_operators = ":_#=@/;,-^$?[]{}|\\*+.";
  return ascii_alphanumeric(c) || symbols_and_operators.contains(c);
}

// Of "{n}", "{n,}" and "{n,m}" at `at`: whether a number is too large to be run through at every place of a message. PCRE2 says what is no
// such quantifier.
bool repeats_too_often(std::string_view text, size_t at) {
  size_t number = 0;
  for (++at; at < text.size() && text[at] != '}'; ++at) {
    number = text[at] >= '0' && text[at] <= '9' ? std::min<size_t>(number * 10 + size_t(text[at] - '0'), 1'000'000) : 0;
    if (number > limits::expression_repeats_max) return true;
  }
  return false;
}

// What speaks against an expression, or nothing. A character behind a backslash stands for itself or for a class; a control character
// (\\cX) is no part of the syntax.
std::string_view problem_of(std::string_view text) {
  bool in_class = false, after_quantifier = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size() && uint8_t(text[at + 1]) < 0x80) {
      if (text[++at] == 'c') return "holds an unsupported character";
      after_quantifier = false;
      continue;
    }
    if (!is_allowed(c)) return "holds an unsupported character";
    const bool repeats = !in_class && (c == '*' || c == '+' || c == '{');
    if (repeats && (after_quantifier || (c == '{' && repeats_too_often(text, at)))) return "repeats in an unsupported way";
    after_quantifier = !in_class && (c == '*' || c == '+' || c == '?' || c == '}');
    if (c == '[') in_class = true;
    if (c == ']') in_class = false;
  }
  return {};
}

// Null for what is no expression.
std::shared_ptr<pcre2_code> compiled(std::string_view text) {
  int code = 0;
  PCRE2_SIZE at = 0;
  // Possessive repeats run without counting their steps, so that nothing may become one.
  constexpr uint32_t options = PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF | PCRE2_NO_AUTO_POSSESS;
  pcre2_code* made = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &code, &at, nullptr);
  return made ? std::shared_ptr<pcre2_code>(made, pcre2_code_free) : nullptr;
}

}  // namespace

Result<RegularExpression> RegularExpression::compile(std::string_view text) {
  if (text.empty()) return fail(invalid("Invalid filter pattern: an empty regular expression."));
  if (const std::string_view problem = problem_of(text); !problem.empty())
    return fail(invalid(fmt::format("Invalid filter pattern: the regular expression %{}% {}.", text, problem)));
  // By itself first, so that nothing in it reaches beyond the brackets that it is put in.
  if (!compiled(text)) return fail(invalid(fmt::format("Invalid filter pattern: %{}% is not a regular expression.", text)));
  // PCRE2 counts its steps anew from each place where a match may begin. What precedes a match is therefore part of the expression, and all
  // places count together.
  std::shared_ptr<pcre2_code> anywhere = compiled(fmt::format("(?s:.*?)(?:{})", text));
  if (!anywhere) return fail(invalid(fmt::format("Invalid filter pattern: %{}% is not a regular expression.", text)));
  return RegularExpression(std::move(anywhere));
}

bool RegularExpression::matches(std::string_view text) const {
  std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> bounds(pcre2_match_context_create(nullptr),
                                                                              pcre2_match_context_free);
  pcre2_set_match_limit(bounds.get(), uint32_t(limits::expression_steps_max + limits::expression_steps_a_byte * text.size()));
  pcre2_set_heap_limit(bounds.get(), limits::expression_heap_kib_max);
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> match(pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
  return pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, match.get(), bounds.get()) >= 0;
}

}  // namespace outcrop::cloudwatch_logs
