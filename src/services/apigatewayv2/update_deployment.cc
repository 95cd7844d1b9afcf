#include "gen/apigatewayv2/update_deployment.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/deployment_parameters.h"
#include "services/apigatewayv2/parts/fields.h"

namespace outcrop::apigatewayv2 {

namespace {

Result<void> describe_deployment(DeploymentRecord& deployment, std::optional<std::string> description) {
  set_text(deployment.description, description);
  return {};
}

}  // namespace

// Its description: what it froze never changes.
Task<Result<UpdateDeploymentOutput>> update_deployment(Apigatewayv2& gateway, Call& call, UpdateDeploymentInput input) {
  Parts<DeploymentRecord> deployments = gateway.apis().deployments(api_named(call, input.api_id));
  const DeploymentRecord record = co_await deployments.change(
      input.deployment_id, [&](DeploymentRecord& changed) { return describe_deployment(changed, input.description); });
  co_return show_deployment<UpdateDeploymentOutput>(input.deployment_id, record);
}

}  // namespace outcrop::apigatewayv2
