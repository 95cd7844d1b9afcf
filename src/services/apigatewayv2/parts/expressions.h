// Selection expressions of requests, before they are kept.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::apigatewayv2 {

// `member` is the request's: "RouteSelectionExpression". Fault: BadRequestException 400 for what is no expression.
Result<void> check_expression(std::string_view member, const std::optional<std::string>& expression);

}  // namespace outcrop::apigatewayv2
