#include "gen/apigatewayv2/delete_access_log_settings.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

namespace {

Result<void> remove_access_log(StageRecord& stage, Instant now) {
  stage.access_log.reset();
  stage.updated_at = now;
  return {};
}

}  // namespace

// The stage logs no accesses any more.
Task<Result<DeleteAccessLogSettingsOutput>> delete_access_log_settings(Apigatewayv2& gateway, Call& call,
                                                                       DeleteAccessLogSettingsInput input) {
  Parts<StageRecord> stages = gateway.apis().stages(api_named(call, input.api_id));
  const Instant now = call.world.clock.wall();
  co_await stages.change(input.stage_name, [&](StageRecord& stage) { return remove_access_log(stage, now); });
  co_return DeleteAccessLogSettingsOutput();
}

}  // namespace outcrop::apigatewayv2
