// The parts that a deployment froze, as they lie in the store.
#pragma once
#include <string_view>

#include "base/task.h"
#include "gateway/api/api_parts.h"
#include "services/apigatewayv2/api/keys.h"
#include "store/store.h"

namespace outcrop::apigatewayv2 {

// None when there is no such deployment.
Task<Result<std::optional<gateway::ApiParts>>> read_frozen_parts(store::Transaction& transaction, const ApiName& api,
                                                                 std::string_view deployment);

}  // namespace outcrop::apigatewayv2
