#include "gen/apigatewayv2/update_stage.h"

#include "services/apigatewayv2/api/deploying.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/stage_parameters.h"
#include "services/apigatewayv2/serving/endpoint.h"

namespace outcrop::apigatewayv2 {

namespace {

Task<Result<void>> change_stage_in(store::Transaction& transaction, Apigatewayv2& gateway, const ApiName& api,
                                   const UpdateStageInput& input, StageRecord& stage) {
  co_await change_stage(stage, input, gateway.world().clock.wall());
  co_await check_stage_in(transaction, gateway.apis(), api, stage, input.route_settings);
  if (input.auto_deploy.value_or(false)) co_await deploy_automatically(gateway.world(), transaction, api, stage);
  co_return {};
}

}  // namespace

// Changes what the request names of a stage; one that is given AutoDeploy is deployed at once.
Task<Result<UpdateStageOutput>> update_stage(Apigatewayv2& gateway, Call& call, UpdateStageInput input) {
  const ApiName api = api_named(call, input.api_id);
  const StageRecord record = co_await gateway.apis().stages(api).change(
      input.stage_name,
      [&](store::Transaction& transaction, StageRecord& stage) { return change_stage_in(transaction, gateway, api, input, stage); });
  if (input.deployment_id) log_where_served(call, api.id, input.stage_name);
  co_return show_stage<UpdateStageOutput>(input.stage_name, record);
}

}  // namespace outcrop::apigatewayv2
