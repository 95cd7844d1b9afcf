// Who may manage a connection: identities of its API's account that may execute-api:ManageConnections. Asked where identities are enforced.
#pragma once
#include <string_view>

#include "core/call.h"
#include "gateway/connection/connections.h"

namespace outcrop::apigatewaymanagementapi {

// The connection, when the caller may do to it what `method` ("POST") does. Faults: GoneException 410, ForbiddenException 403.
Task<Result<gateway::Connections::Info>> find_connection(gateway::Connections& connections, const Call& call, const std::string& id,
                                                         std::string_view method);

}  // namespace outcrop::apigatewaymanagementapi
