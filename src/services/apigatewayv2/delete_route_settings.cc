#include "gen/apigatewayv2/delete_route_settings.h"

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

namespace {

Result<void> remove_settings(StageRecord& stage, const std::string& route_key, Instant now) {
  if (!stage.route_settings.erase(route_key))
    return fail(not_found_exception("Unable to find RouteSettings by key " + route_key + " within the provided stage"));
  stage.updated_at = now;
  return {};
}

}  // namespace

Task<Result<DeleteRouteSettingsOutput>> delete_route_settings(Apigatewayv2& gateway, Call& call, DeleteRouteSettingsInput input) {
  Parts<StageRecord> stages = gateway.apis().stages(api_named(call, input.api_id));
  const Instant now = call.world.clock.wall();
  co_await stages.change(input.stage_name, [&](StageRecord& stage) { return remove_settings(stage, input.route_key, now); });
  co_return DeleteRouteSettingsOutput();
}

}  // namespace outcrop::apigatewayv2
