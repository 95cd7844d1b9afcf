// Filter patterns (Guide, "Filter pattern syntax"): which events one asks for.
//   ERROR "disk full" -retry      terms: all must occur and the excluded ones must not; ?ERROR ?WARN any of them; %4[0-9]{2}% an expression
//   { $.latency > 100 && ($.code = 4* || $.user NOT EXISTS) }      a condition on a message that is a JSON object
//   [ip, user, ..., status = 4*, bytes]      the fields of a message between spaces, and conditions on them
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/cloudwatch-logs/filter/condition.h"

namespace outcrop::cloudwatch_logs {

struct Term {
  std::string text;
  std::optional<RegularExpression> expression = std::nullopt;  // instead of the text
};

struct Terms {
  std::vector<Term> required, optional, excluded;
};

struct JsonCondition {
  Condition condition;
};

struct Fields {
  std::vector<std::optional<Condition>> fields;
  std::optional<size_t> ellipsis;  // before the field of this index there may be any number of others
};

class FilterPattern {
 public:
  // An empty pattern matches everything. Fault: InvalidParameterException 400.
  static Result<FilterPattern> parse(std::string_view text);

  bool matches(std::string_view message) const;

 private:
  std::variant<Terms, JsonCondition, Fields> parts_;
};

// The fields of a message: what is between spaces, between double quotes, or between square brackets.
std::vector<std::string_view> fields_of(std::string_view message);

}  // namespace outcrop::cloudwatch_logs
