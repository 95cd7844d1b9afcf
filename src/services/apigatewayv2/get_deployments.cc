#include "gen/apigatewayv2/get_deployments.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/deployment_parameters.h"

namespace outcrop::apigatewayv2 {

// By id.
Task<Result<GetDeploymentsOutput>> get_deployments(Apigatewayv2& gateway, Call& call, GetDeploymentsInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [](const Part<DeploymentRecord>& part) { return show_deployment<Deployment>(part.id, part.record); };
  GetDeploymentsOutput output;
  output.items = co_await list_page<Deployment>(gateway.apis().deployments(api_named(call, input.api_id)), page, output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
