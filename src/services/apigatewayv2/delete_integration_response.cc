#include "gen/apigatewayv2/delete_integration_response.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<DeleteIntegrationResponseOutput>> delete_integration_response(Apigatewayv2& gateway, Call& call,
                                                                          DeleteIntegrationResponseInput input) {
  co_await gateway.apis().integration_responses(api_named(call, input.api_id), input.integration_id).erase(input.integration_response_id);
  co_return DeleteIntegrationResponseOutput();
}

}  // namespace outcrop::apigatewayv2
