// The tags of APIs, stages and domain names.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "wire/map.h"

namespace outcrop::apigatewayv2 {

// Adds tags, or gives those of the same keys new values. Fault: BadRequestException 400 for keys that are reserved, keys and values that
// are too long, and more than a resource may have.
Result<void> add_tags(wire::Map<std::string>& tags, const std::optional<wire::Map<std::string>>& added);
void remove_tags(wire::Map<std::string>& tags, const std::vector<std::string>& keys);

}  // namespace outcrop::apigatewayv2
