// What AWS Lambda says of functions, in its words.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "gen/lambda/errors.h"
#include "services/lambda/function/function_name.h"

namespace outcrop::lambda {

// With the qualifier that the caller gave, if any.
inline Fault function_not_found(const FunctionName& name) {
  return resource_not_found_exception("Function not found: " + name.qualified_arn());
}

inline Fault function_exists(const FunctionName& name) { return resource_conflict_exception("Function already exist: " + name.name); }

inline Fault alias_not_found(const FunctionName& name, std::string_view alias) {
  return resource_not_found_exception(fmt::format("Alias not found: {}:{}", name.arn(), alias));
}

inline Fault update_in_progress(const FunctionName& name) {
  return resource_conflict_exception("The operation cannot be performed at this time. An update is in progress for resource: " +
                                     name.arn());
}

// `operation` tells the revision there is.
inline Fault revision_differs(std::string_view operation) {
  return precondition_failed_exception(fmt::format(
      "The Revision Id provided does not match the latest Revision Id. Call the {} API to retrieve the latest Revision Id", operation));
}

// A parameter that asks for what this server has not.
inline Fault not_built(std::string_view parameter, std::string_view what) {
  return invalid_parameter_value_exception(fmt::format("{} is not supported by this server: {}", parameter, what));
}

}  // namespace outcrop::lambda
