// Patterns of the IAM policy language: text with * and ?, policy variables such as ${aws:username}, and ARNs, whose six
// parts match one by one.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "auth/policy_context.h"

namespace outcrop::auth {

// * stands for any text, ? for one byte. Linear in practice, never worse than text times pattern.
bool matches_wildcards(std::string_view pattern, std::string_view text);
// The same ignoring ASCII case, as actions are compared.
bool matches_wildcards_ignoring_case(std::string_view pattern, std::string_view text);

// A pattern with its variables replaced. Wildcards in a variable's value, and those written ${*} and ${?}, are literal.
class Pattern {
 public:
  // Without variables: every $ is literal, as in documents older than 2012-10-17.
  static Pattern plain(std::string_view text);
  // None when a variable has no value and no default ("${aws:username, 'nobody'}"): then nothing matches.
  static std::optional<Pattern> expand(std::string_view text, const PolicyContext& variables);

  bool matches(std::string_view text) const;               // wildcards
  bool matches_arn(std::string_view arn) const;            // wildcards within each of the six parts; missing parts match anything
  bool equals(std::string_view text) const;                // wildcards are ordinary characters
  bool equals_ignoring_case(std::string_view text) const;  // likewise

 private:
  std::string text_;  // wildcards as bytes that UTF-8 never has
};

}  // namespace outcrop::auth
