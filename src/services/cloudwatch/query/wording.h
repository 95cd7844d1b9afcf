// CloudWatch's own words for what is wrong with a parameter. Where AWS's answers are known, the text is theirs.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "gen/cloudwatch/errors.h"

namespace outcrop::cloudwatch {

inline Fault invalid_value(std::string message) { return invalid_parameter_value_exception(std::move(message)); }

inline Fault invalid_value_of(std::string_view value, std::string_view parameter) {
  return invalid_value(fmt::format("The value {} for parameter {} is invalid.", value, parameter));
}

inline Fault missing(std::string_view parameter) {
  return missing_required_parameter_exception(fmt::format("The parameter {} is required.", parameter));
}

inline Fault exclusive(std::string_view a, std::string_view b) {
  return invalid_parameter_combination_exception(
      fmt::format("The parameters {} and {} are mutually exclusive and you have specified both.", a, b));
}

inline constexpr std::string_view period_wording = "must be a value in the set [ 1, 5, 10, 20, 30 ] or a multiple of 60.";

}  // namespace outcrop::cloudwatch
