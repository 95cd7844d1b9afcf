// Parameters that are mapped: "integration.request.header.x" to "route.request.header.y", "'a static value'", "context.connectionId" or
// "stageVariables.name".
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/map.h"

namespace outcrop::apigatewayv2 {

// Fault: BadRequestException 400 for a destination that does not begin with `destination`, and for a source that is none.
Result<void> check_mappings(const std::optional<wire::Map<std::string>>& mappings, std::string_view destination);

}  // namespace outcrop::apigatewayv2
