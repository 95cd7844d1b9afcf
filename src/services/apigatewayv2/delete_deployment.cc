#include "gen/apigatewayv2/delete_deployment.h"

#include "services/apigatewayv2/api/deploying.h"
#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

// One that no stage has.
Task<Result<DeleteDeploymentOutput>> delete_deployment(Apigatewayv2& gateway, Call& call, DeleteDeploymentInput input) {
  const ApiName api = api_named(call, input.api_id);
  co_await gateway.apis().deployments(api).erase(input.deployment_id, [&](store::Transaction& transaction, const DeploymentRecord&) {
    return erase_frozen(transaction, api, input.deployment_id);
  });
  co_return DeleteDeploymentOutput();
}

}  // namespace outcrop::apigatewayv2
