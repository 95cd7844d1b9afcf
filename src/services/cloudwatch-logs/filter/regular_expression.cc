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

// Null for what is no expression.
std::shared_ptr<pcre2_code> compiled(std::string_view text) {
  int code = 0;
  PCRE2_SIZE at = 0;
  constexpr uint32_t options = PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF;
  pcre2_code* made = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &code, &at, nullptr);
  return made ? std::shared_ptr<pcre2_code>(made, pcre2_code_free) : nullptr;
}

}  // namespace

Result<RegularExpression> RegularExpression::compile(std::string_view text) {
  if (text.empty()) return fail(invalid("Invalid filter pattern: an empty regular expression."));
  // A character behind a backslash stands for itself or for a class.
  for (size_t at = 0; at < text.size(); ++at) {
    const bool is_escaped = text[at] == '\\' && at + 1 < text.size();
    if (is_escaped && uint8_t(text[at + 1]) < 0x80) {
      ++at;
    } else if (!is_allowed(text[at])) {
      return fail(invalid(fmt::format("Invalid filter pattern: the regular expression %{}% holds an unsupported character.", text)));
    }
  }
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
