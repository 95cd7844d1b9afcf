#include "gen/apigatewayv2/get_integration_response.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetIntegrationResponseOutput>> get_integration_response(Apigatewayv2& gateway, Call& call, GetIntegrationResponseInput input) {
  const IntegrationResponseRecord record =
      co_await gateway.apis().integration_responses(api_named(call, input.api_id), input.integration_id).get(input.integration_response_id);
  co_return show_integration_response<GetIntegrationResponseOutput>(input.integration_response_id, record);
}

}  // namespace outcrop::apigatewayv2
