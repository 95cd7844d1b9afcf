// SQS's own words for what is wrong with a parameter. Where AWS's recordings show the text, it is theirs.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/call.h"
#include "gen/sqs/errors.h"

namespace outcrop::sqs {

inline Fault invalid_parameter(std::string message) { return invalid_parameter_value_exception(std::move(message)); }

// "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."
template <class T>
Fault invalid_value(const T& value, std::string_view parameter, std::string_view reason) {
  return invalid_parameter(fmt::format("Value {} for parameter {} is invalid. Reason: {}", value, parameter, reason));
}

inline Fault missing_parameter(std::string_view parameter) {
  return missing_required_parameter_exception(fmt::format("The request must contain the parameter {}.", parameter));
}

inline Fault unknown_attribute(std::string_view name) { return invalid_attribute_name(fmt::format("Unknown Attribute {}.", name)); }
inline Fault invalid_attribute(std::string_view name) {
  return invalid_attribute_value(fmt::format("Invalid value for the parameter {}.", name));
}
inline Fault invalid_attribute(std::string_view name, std::string_view reason) {
  return invalid_attribute_value(fmt::format("Invalid value for the parameter {}. Reason: {}", name, reason));
}

inline Fault no_such_queue() { return queue_does_not_exist("The specified queue does not exist."); }
// What its clients of the query protocol, which began as SOAP, are told.
inline Fault no_such_queue(const Call& call) {
  return call.by_query ? queue_does_not_exist("The specified queue does not exist for this wsdl version.") : no_such_queue();
}

}  // namespace outcrop::sqs
