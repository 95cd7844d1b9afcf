#include "gen/apigatewayv2/get_integration.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/integration_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetIntegrationOutput>> get_integration(Apigatewayv2& gateway, Call& call, GetIntegrationInput input) {
  const IntegrationRecord record = co_await gateway.apis().integrations(api_named(call, input.api_id)).get(input.integration_id);
  co_return show_integration<GetIntegrationOutput>(input.integration_id, record);
}

}  // namespace outcrop::apigatewayv2
