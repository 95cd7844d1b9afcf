#include "gen/apigatewayv2/create_stage.h"

#include "services/apigatewayv2/api/deploying.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/stage_parameters.h"
#include "services/apigatewayv2/serving/endpoint.h"

namespace outcrop::apigatewayv2 {

namespace {

using Settings = std::optional<wire::Map<RouteSettings>>;

Task<Result<void>> make_stage_in(store::Transaction& transaction, Apigatewayv2& gateway, const ApiName& api, const Settings& settings,
                                 StageRecord& stage) {
  co_await check_stage_in(transaction, gateway.apis(), api, stage, settings);
  if (stage.auto_deploy) co_await deploy_automatically(gateway.world(), transaction, api, stage);
  co_return {};
}

}  // namespace

// Makes a stage: of the deployment that the request names, or with AutoDeploy of the API as it is now and will be.
Task<Result<CreateStageOutput>> create_stage(Apigatewayv2& gateway, Call& call, CreateStageInput input) {
  const ApiName api = api_named(call, input.api_id);
  const StageRecord made = co_await read_new_stage(input, call.world.clock.wall());
  const StageRecord record =
      co_await gateway.apis().stages(api).create(input.stage_name, made, [&](store::Transaction& transaction, StageRecord& stage) {
        return make_stage_in(transaction, gateway, api, input.route_settings, stage);
      });
  if (record.deployment_id) log_where_served(call, api.id, input.stage_name);
  co_return show_stage<CreateStageOutput>(input.stage_name, record);
}

}  // namespace outcrop::apigatewayv2
