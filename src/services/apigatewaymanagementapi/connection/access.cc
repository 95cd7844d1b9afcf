#include "services/apigatewaymanagementapi/connection/access.h"

#include <fmt/format.h>

#include "auth/policy.h"
#include "gen/apigatewaymanagementapi/errors.h"

namespace outcrop::apigatewaymanagementapi {

namespace {

bool may_manage(const Call& call, const gateway::ConnectionContext& connection, std::string_view method) {
  const gateway::ConnectionRecord& record = connection.record;
  const std::string arn = fmt::format("arn:aws:execute-api:{}:{}:{}/{}/{}/@connections/{}", record.region, record.account, record.api_id,
                                      record.stage, method, connection.id);
  const auth::PolicyContext context = auth::context_of(call.identity, {.source_ip = call.source_ip,
                                                                       .user_agent = call.user_agent,
                                                                       .region = call.region,
                                                                       .secure_transport = call.secure_transport,
                                                                       .now = call.world.clock.wall()});
  return auth::authorize({call.identity, "execute-api:ManageConnections", arn, record.account, context}, {}, nullptr).is_allowed();
}

}  // namespace

Task<Result<gateway::Connections::Info>> find_connection(gateway::Connections& connections, const Call& call, const std::string& id,
                                                         std::string_view method) {
  gateway::Connections::Info info = co_await connections.get(id);
  if (call.enforced && !may_manage(call, info.context, method)) co_return fail(forbidden_exception(""));
  co_return info;
}

}  // namespace outcrop::apigatewaymanagementapi
