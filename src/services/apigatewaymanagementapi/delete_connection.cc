#include "gen/apigatewaymanagementapi/delete_connection.h"

#include "services/apigatewaymanagementapi/apigatewaymanagementapi.h"
#include "services/apigatewaymanagementapi/connection/access.h"

namespace outcrop::apigatewaymanagementapi {

// The client is told to go; $disconnect follows.
Task<Result<DeleteConnectionOutput>> delete_connection(Apigatewaymanagementapi& service, Call& call, DeleteConnectionInput input) {
  if (call.enforced) co_await find_connection(service.connections(), call, input.connection_id, "DELETE");
  co_await service.connections().end(input.connection_id);
  co_return DeleteConnectionOutput();
}

}  // namespace outcrop::apigatewaymanagementapi
