#include "gen/apigatewayv2/create_deployment.h"

#include "services/apigatewayv2/api/deploying.h"
#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/deployment_parameters.h"
#include "services/apigatewayv2/serving/endpoint.h"

namespace outcrop::apigatewayv2 {

namespace {

Task<Result<void>> move_stage(store::Transaction& transaction, Parts<StageRecord> stages, const std::string& name,
                              std::string_view deployment, Instant now) {
  StageRecord stage = co_await stages.get_in(transaction, name);
  stage.deployment_id = std::string(deployment);
  stage.updated_at = now;
  transaction.put(stages.key(name), wire::encode_record(stage));
  co_return {};
}

Task<Result<void>> deploy_to(store::Transaction& transaction, Apis& apis, const ApiName& api, std::string_view id,
                             const std::optional<std::string>& stage, Instant now) {
  co_await freeze(transaction, api, id);
  if (stage) co_await move_stage(transaction, apis.stages(api), *stage, id, now);
  co_return {};
}

}  // namespace

// Freezes the API as it is now; a stage that is named serves that from now on.
Task<Result<CreateDeploymentOutput>> create_deployment(Apigatewayv2& gateway, Call& call, CreateDeploymentInput input) {
  const ApiName api = api_named(call, input.api_id);
  const std::string id = new_id(call.world.random, limits::deployment_id_length);
  const DeploymentRecord made{.created_at = call.world.clock.wall(), .description = input.description, .auto_deployed = false};
  const DeploymentRecord record =
      co_await gateway.apis().deployments(api).create(id, made, [&](store::Transaction& transaction, DeploymentRecord&) {
        return deploy_to(transaction, gateway.apis(), api, id, input.stage_name, made.created_at);
      });
  if (input.stage_name) log_where_served(call, api.id, *input.stage_name);
  co_return show_deployment<CreateDeploymentOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
