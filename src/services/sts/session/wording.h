// What STS says when it refuses.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::sts {

inline Fault validation_error(std::string message) { return {"ValidationError", 400, std::move(message)}; }
inline Fault invalid_parameter_value(std::string message) { return {"InvalidParameterValue", 400, std::move(message)}; }
inline Fault access_denied(std::string message) { return {"AccessDenied", 403, std::move(message)}; }

}  // namespace outcrop::sts
