#include "gen/apigatewaymanagementapi/post_to_connection.h"

#include "services/apigatewaymanagementapi/apigatewaymanagementapi.h"
#include "services/apigatewaymanagementapi/connection/access.h"

namespace outcrop::apigatewaymanagementapi {

// Sends a message to the client; answers when it is in the connection's charge.
Task<Result<PostToConnectionOutput>> post_to_connection(Apigatewaymanagementapi& service, Call& call, PostToConnectionInput input) {
  if (call.enforced) co_await find_connection(service.connections(), call, input.connection_id, "POST");
  co_await service.connections().post(input.connection_id, std::move(input.data));
  co_return PostToConnectionOutput();
}

}  // namespace outcrop::apigatewaymanagementapi
