#include "gen/apigatewayv2/get_route_responses.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

// By id.
Task<Result<GetRouteResponsesOutput>> get_route_responses(Apigatewayv2& gateway, Call& call, GetRouteResponsesInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [](const Part<RouteResponseRecord>& part) { return show_route_response<RouteResponse>(part.id, part.record); };
  GetRouteResponsesOutput output;
  output.items = co_await list_page<RouteResponse>(gateway.apis().route_responses(api_named(call, input.api_id), input.route_id), page,
                                                   output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
