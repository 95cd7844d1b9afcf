// Where an API is reached at the endpoint that the caller used: a client that takes its ApiEndpoint and adds "/STAGE" connects.
#pragma once
#include <string>
#include <string_view>

#include "core/call.h"

namespace outcrop::apigatewayv2 {

// "ws://localhost:4566/_aws/execute-api/bu24s9i8t0"; where the endpoint is a name below "localhost", which resolves for this client then,
// AWS's name with that in place of "amazonaws.com": "ws://bu24s9i8t0.execute-api.us-east-1.localhost:4566".
std::string shown_endpoint(const Call& call, std::string_view api);

// Logs where a stage is reached that was given a deployment, beside AWS's name for it.
void log_where_served(const Call& call, std::string_view api, std::string_view stage);

}  // namespace outcrop::apigatewayv2
