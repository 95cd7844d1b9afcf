#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr/regular_expression.h"

#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>

#include "expr/limits.h"

namespace outcrop::expr {
namespace {

// Steps that a search may take before it pays for them; what it needs beyond is granted in growing portions.
constexpr size_t free_steps = 1024, portion_growth = 8, search_price = 16;

using CodePointer = std::shared_ptr<pcre2_code>;

// Possessive repeats run without counting their steps, so that nothing may become one.
std::expected<CodePointer, std::string> compile_code(std::string_view text, uint32_t options) {
  std::unique_ptr<pcre2_compile_context, void (*)(pcre2_compile_context*)> context(pcre2_compile_context_create(nullptr),
                                                                                   pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_ANYCRLF);
  options |= PCRE2_ANCHORED | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_POSSESS | PCRE2_ALT_BSUX;
  int code = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* made = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &code, &at, context.get());
  if (made) return CodePointer(made, pcre2_code_free);
  char problem[128] = {};
  pcre2_get_error_message(code, reinterpret_cast<PCRE2_UCHAR*>(problem), sizeof problem);
  return std::unexpected(fmt::format("{} at {}", problem, at));
}

struct Searched {
  int result;
  std::optional<Match> match;
};

Searched search_once(const pcre2_code* code, std::string_view text, size_t from, size_t steps) {
  std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> bounds(pcre2_match_context_create(nullptr),
                                                                              pcre2_match_context_free);
  pcre2_set_match_limit(bounds.get(), uint32_t(steps));
  pcre2_set_heap_limit(bounds.get(), limits::expression_heap_kib_max);
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(pcre2_match_data_create_from_pattern(code, nullptr),
                                                                      pcre2_match_data_free);
  const int result = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, 0, data.get(), bounds.get());
  if (result <= 0) return {result, {}};
  const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
  Match match;
  match.groups.resize(pcre2_get_ovector_count(data.get()));
  for (int i = 0; i < result; ++i)
    if (ends[2 * i] != PCRE2_UNSET) match.groups[size_t(i)] = {ends[2 * i], std::max(ends[2 * i], ends[2 * i + 1])};
  return {result, std::move(match)};
}

// Searches with few steps, and with more when these were too few: what is paid is about what was taken.
std::expected<std::optional<Match>, std::string> search(const pcre2_code* code, std::string_view text, size_t from, size_t& steps_left) {
  for (size_t steps = free_steps; steps_left >= search_price; steps *= portion_growth) {
    const size_t granted = std::min(steps, std::max(steps_left, free_steps));
    Searched searched = search_once(code, text, from, granted);
    if (searched.result != PCRE2_ERROR_MATCHLIMIT) {
      steps_left -= search_price;
      if (searched.result == PCRE2_ERROR_HEAPLIMIT) return std::unexpected("a regular expression takes too much memory");
      return std::move(searched.match);
    }
    steps_left -= std::min(steps_left, granted);
  }
  return std::unexpected("a regular expression takes too many steps");
}

}  // namespace

std::expected<RegularExpression, std::string> RegularExpression::compile(std::string_view text, bool ignore_case) {
  if (text.size() > limits::expression_bytes_max)
    return std::unexpected(fmt::format("it is longer than {} bytes", limits::expression_bytes_max));
  const uint32_t options = ignore_case ? PCRE2_CASELESS : 0;
  // By itself first, so that nothing in it reaches beyond what it is put in.
  auto whole = compile_code(text, options | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY);
  if (!whole) return std::unexpected(whole.error());
  // PCRE2 counts its steps anew from each place where a match may begin. What precedes a match is therefore part of the expression, and
  // all places count together.
  auto anywhere = compile_code(fmt::format("(?s:.*?)\\K(?:{})", text), options);
  if (!anywhere) return std::unexpected(anywhere.error());
  return RegularExpression(std::move(*anywhere), std::move(*whole));
}

std::expected<std::optional<Match>, std::string> RegularExpression::find(std::string_view text, size_t from, size_t& steps_left) const {
  return search(anywhere_.get(), text, from, steps_left);
}

std::expected<bool, std::string> RegularExpression::matches(std::string_view text, size_t& steps_left) const {
  auto match = search(whole_.get(), text, 0, steps_left);
  if (!match) return std::unexpected(match.error());
  return match->has_value();
}

}  // namespace outcrop::expr
