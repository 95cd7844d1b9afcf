#include "gen/apigatewayv2/get_integrations.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/integration_parameters.h"

namespace outcrop::apigatewayv2 {

// By id.
Task<Result<GetIntegrationsOutput>> get_integrations(Apigatewayv2& gateway, Call& call, GetIntegrationsInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [](const Part<IntegrationRecord>& part) { return show_integration<Integration>(part.id, part.record); };
  GetIntegrationsOutput output;
  output.items = co_await list_page<Integration>(gateway.apis().integrations(api_named(call, input.api_id)), page, output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
