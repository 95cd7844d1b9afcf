// The regular expressions of filter patterns, a subset that AWS defines, over PCRE2 with limits: no expression and no message can hold a
// thread.
#pragma once
#include <memory>
#include <string_view>

#include "base/result.h"

struct pcre2_real_code_8;

namespace outcrop::cloudwatch_logs {

class RegularExpression {
 public:
  // Fault: InvalidParameterException 400 for what AWS's subset lacks, parentheses among it, and for what is no expression.
  static Result<RegularExpression> compile(std::string_view text);

  // Whether some part of the text matches. Thread-safe. A text on which the limit is spent does not match.
  bool matches(std::string_view text) const;

 private:
  explicit RegularExpression(std::shared_ptr<pcre2_real_code_8> code) : code_(std::move(code)) {}

  std::shared_ptr<pcre2_real_code_8> code_;
};

}  // namespace outcrop::cloudwatch_logs
