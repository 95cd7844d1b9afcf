#include "gen/apigatewayv2/update_integration.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/integration_parameters.h"

namespace outcrop::apigatewayv2 {

// Changes what the request names of an integration.
Task<Result<UpdateIntegrationOutput>> update_integration(Apigatewayv2& gateway, Call& call, UpdateIntegrationInput input) {
  Parts<IntegrationRecord> integrations = gateway.apis().integrations(api_named(call, input.api_id));
  const IntegrationRecord record =
      co_await integrations.change(input.integration_id, [&](IntegrationRecord& changed) { return change_integration(changed, input); });
  co_return show_integration<UpdateIntegrationOutput>(input.integration_id, record);
}

}  // namespace outcrop::apigatewayv2
