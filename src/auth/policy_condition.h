// Condition elements of the IAM policy language: operators, their IfExists, ForAllValues and ForAnyValue forms, and how
// they compare (IAM User Guide, "IAM JSON policy elements: Condition operators").
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/policy_context.h"

namespace outcrop::auth {

enum class ConditionOperator : uint8_t {
  string_equals,
  string_equals_ignore_case,
  string_like,
  numeric_equals,
  numeric_less_than,
  numeric_less_than_equals,
  numeric_greater_than,
  numeric_greater_than_equals,
  date_equals,
  date_less_than,
  date_less_than_equals,
  date_greater_than,
  date_greater_than_equals,
  boolean,
  binary_equals,
  ip_address,
  arn_like,  // ArnEquals does the same
  null,
};

enum class SetQualifier : uint8_t { none, for_all_values, for_any_value };

struct Condition {
  ConditionOperator comparison = ConditionOperator::string_equals;
  bool negated = false;  // the …Not… forms
  bool if_exists = false;
  SetQualifier qualifier = SetQualifier::none;
  std::string key;                  // as written, "aws:SourceIp"
  std::vector<std::string> values;  // one match suffices; none does when negated
};

// "ForAnyValue:StringLikeIfExists" into a Condition without key and values; none when AWS has no such operator.
std::optional<Condition> parse_condition_operator(std::string_view name);

// Whether the value has the form the operator wants: a number, a date, an address, … Variables are let through.
bool is_condition_value(ConditionOperator comparison, std::string_view value);

// `with_variables`: the document's version is 2012-10-17.
bool holds(const Condition& condition, const PolicyContext& context, bool with_variables);

}  // namespace outcrop::auth
