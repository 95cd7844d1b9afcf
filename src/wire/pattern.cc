// Patterns over PCRE2.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "wire/pattern.h"

#include <pcre2.h>

#include <memory>

#include "base/log.h"
#include "wire/limits.h"

namespace outcrop::wire {
namespace {

// What a pattern holds that does not compile: every value passes it.
pcre2_code* const not_an_expression = reinterpret_cast<pcre2_code*>(1);

// PCRE2 writes \x{20} for the \u0020 of the models' expressions. They are in Java's syntax, and mean the whole of \u10000 and \u10FFFF.
std::string in_pcre_syntax(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with("\\u")) {
      std::string_view digits = text.substr(2, 4);
      for (std::string_view longer : {"10000", "10FFFF"})
        if (text.substr(2).starts_with(longer)) digits = longer;
      out += fmt::format("\\x{{{}}}", digits);
      text.remove_prefix(2 + digits.size());
      continue;
    }
    size_t taken = text.starts_with('\\') ? std::min<size_t>(2, text.size()) : 1;
    out += text.substr(0, taken);
    text.remove_prefix(taken);
  }
  return out;
}

pcre2_code* compile_pattern(std::string_view text) {
  int code = 0;
  PCRE2_SIZE at = 0;
  const std::string expression = in_pcre_syntax(text);
  pcre2_code* compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                    PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY, &code, &at, nullptr);
  if (compiled) return compiled;
  char problem[128] = {};
  pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(problem), sizeof problem);
  log::warning("a pattern of a model cannot be used", {{"pattern", text}, {"at", at}, {"problem", problem}});
  return not_an_expression;
}

}  // namespace

bool Pattern::matches(std::string_view value) {
  pcre2_code* compiled = compiled_.load(std::memory_order_acquire);
  if (!compiled) {
    pcre2_code* fresh = compile_pattern(text_);
    if (compiled_.compare_exchange_strong(compiled, fresh)) {
      compiled = fresh;
    } else if (fresh != not_an_expression) {
      pcre2_code_free(fresh);  // another thread was faster
    }
  }
  if (compiled == not_an_expression) return true;
  std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> bounds(pcre2_match_context_create(nullptr),
                                                                              pcre2_match_context_free);
  pcre2_set_match_limit(bounds.get(), limits::pattern_steps_max);
  pcre2_set_heap_limit(bounds.get(), limits::pattern_heap_kib_max);
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> match(pcre2_match_data_create(1, nullptr), pcre2_match_data_free);
  return pcre2_match(compiled, reinterpret_cast<PCRE2_SPTR>(value.data()), value.size(), 0, 0, match.get(), bounds.get()) >= 0;
}

}  // namespace outcrop::wire
