// Pattern: a regular expression of a model, compiled at its first use. PCRE2 with limits, so that no pattern of
// a model and no value of a customer can hold a thread.
#pragma once
#include <atomic>
#include <string_view>

struct pcre2_real_code_8;

namespace outcrop::wire {

class Pattern {
 public:
  // `text` must live as long as the pattern, which is meant to be a constant of the program.
  constexpr explicit Pattern(std::string_view text) : text_(text) {}
  constexpr ~Pattern() = default;
  Pattern(const Pattern&) = delete;

  std::string_view text() const { return text_; }
  // Whether the whole of `value`, which is UTF-8, matches, as AWS's services match. Thread-safe. A value on which
  // the match limit is spent does not match; a text that is no expression of PCRE2 matches everything.
  bool matches(std::string_view value);

 private:
  std::string_view text_;
  std::atomic<pcre2_real_code_8*> compiled_ = nullptr;  // lives as long as the program
};

}  // namespace outcrop::wire
