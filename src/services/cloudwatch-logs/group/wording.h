// CloudWatch Logs' own words for what is wrong. Where AWS's answers are known, the text is theirs.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "gen/cloudwatch-logs/errors.h"

namespace outcrop::cloudwatch_logs {

inline Fault no_such_group() { return resource_not_found_exception("The specified log group does not exist."); }
inline Fault no_such_stream() { return resource_not_found_exception("The specified log stream does not exist."); }
inline Fault invalid(std::string message) { return invalid_parameter_exception(std::move(message)); }
inline Fault unsupported(std::string_view parameter) { return invalid(fmt::format("The parameter {} is not supported.", parameter)); }
inline Fault invalid_token() { return invalid("The specified nextToken is invalid."); }
inline Fault opened_again() { return service_unavailable_exception("The log group is being opened again."); }

}  // namespace outcrop::cloudwatch_logs
