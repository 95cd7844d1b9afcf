#include "gen/apigatewayv2/get_integration_responses.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

// By id.
Task<Result<GetIntegrationResponsesOutput>> get_integration_responses(Apigatewayv2& gateway, Call& call,
                                                                      GetIntegrationResponsesInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [](const Part<IntegrationResponseRecord>& part) {
    return show_integration_response<IntegrationResponse>(part.id, part.record);
  };
  GetIntegrationResponsesOutput output;
  output.items = co_await list_page<IntegrationResponse>(
      gateway.apis().integration_responses(api_named(call, input.api_id), input.integration_id), page, output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
