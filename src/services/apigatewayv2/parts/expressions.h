// Selection expressions and keys of requests, before they are kept.
#pragma once
#include <optional>
#include <string>

#include "base/result.h"

namespace outcrop::apigatewayv2 {

// Fault, both: BadRequestException 400 for what is none. An empty text takes an expression away, or was never there.
Result<void> check_expression(const std::optional<std::string>& expression);
// "$default", or a pattern between slashes.
Result<void> check_response_key(const std::string& key);

}  // namespace outcrop::apigatewayv2
