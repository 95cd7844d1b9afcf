#include "gen/apigatewayv2/get_deployment.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/deployment_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetDeploymentOutput>> get_deployment(Apigatewayv2& gateway, Call& call, GetDeploymentInput input) {
  const DeploymentRecord record = co_await gateway.apis().deployments(api_named(call, input.api_id)).get(input.deployment_id);
  co_return show_deployment<GetDeploymentOutput>(input.deployment_id, record);
}

}  // namespace outcrop::apigatewayv2
