// Parameters of routes and of their responses, and whether they must be there: "route.request.header.Auth".
#pragma once
#include <optional>
#include <string_view>

#include "base/result.h"
#include "gen/apigatewayv2/types.h"
#include "wire/map.h"

namespace outcrop::apigatewayv2 {

// Adds parameters, or says anew whether those of the same names must be there. Fault: BadRequestException 400 for a name that does not
// begin with `prefix`.
Result<void> merge_required(std::optional<wire::Map<bool>>& to, const std::optional<wire::Map<ParameterConstraints>>& from,
                            std::string_view prefix);
std::optional<wire::Map<ParameterConstraints>> show_required(const std::optional<wire::Map<bool>>& parameters);

}  // namespace outcrop::apigatewayv2
