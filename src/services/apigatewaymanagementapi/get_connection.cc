#include "gen/apigatewaymanagementapi/get_connection.h"

#include "services/apigatewaymanagementapi/apigatewaymanagementapi.h"
#include "services/apigatewaymanagementapi/connection/access.h"

namespace outcrop::apigatewaymanagementapi {

Task<Result<GetConnectionOutput>> get_connection(Apigatewaymanagementapi& service, Call& call, GetConnectionInput input) {
  const gateway::Connections::Info info = co_await find_connection(service.connections(), call, input.connection_id, "GET");
  const gateway::ConnectionRecord& record = info.context.record;
  co_return GetConnectionOutput{
      .connected_at = record.connected_at,
      .identity = ::outcrop::apigatewaymanagementapi::Identity{.source_ip = record.source_ip, .user_agent = record.user_agent},
      .last_active_at = info.last_active_at};
}

}  // namespace outcrop::apigatewaymanagementapi
