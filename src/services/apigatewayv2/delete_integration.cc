#include "gen/apigatewayv2/delete_integration.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/integration_parameters.h"

namespace outcrop::apigatewayv2 {

// With its responses. An integration that a route names stays.
Task<Result<DeleteIntegrationOutput>> delete_integration(Apigatewayv2& gateway, Call& call, DeleteIntegrationInput input) {
  const ApiName api = api_named(call, input.api_id);
  const Parts<RouteRecord> routes = gateway.apis().routes(api);
  co_await gateway.apis().integrations(api).erase(input.integration_id, [&](store::Transaction& transaction, const IntegrationRecord&) {
    transaction.erase_range(gateway.apis().integration_responses(api, input.integration_id).all());
    return check_unused(transaction, routes, input.integration_id);
  });
  co_return DeleteIntegrationOutput();
}

}  // namespace outcrop::apigatewayv2
