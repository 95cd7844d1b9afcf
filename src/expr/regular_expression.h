// The regular expressions that paths and templates bring along: Java's as far as PCRE2 has them, with limits, so that no expression and
// no text can hold a thread.
#pragma once
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_8;

namespace outcrop::expr {

// Where an expression matched: bytes of the text. Group 0 is the whole match; a group that took no part is none.
struct Match {
  struct Range {
    size_t from, to;
  };
  std::vector<std::optional<Range>> groups;
  const Range& whole() const { return *groups.front(); }
};

class RegularExpression {
 public:
  // The error says what is wrong with the expression.
  static std::expected<RegularExpression, std::string> compile(std::string_view text, bool ignore_case = false);

  // The first match that begins at `from` or later. `steps_left` pays for the search; when it is spent that is the error.
  std::expected<std::optional<Match>, std::string> find(std::string_view text, size_t from, size_t& steps_left) const;
  // Whether the whole of the text matches.
  std::expected<bool, std::string> matches(std::string_view text, size_t& steps_left) const;

 private:
  using Code = std::shared_ptr<pcre2_real_code_8>;
  RegularExpression(Code anywhere, Code whole) : anywhere_(std::move(anywhere)), whole_(std::move(whole)) {}

  Code anywhere_, whole_;
};

}  // namespace outcrop::expr
