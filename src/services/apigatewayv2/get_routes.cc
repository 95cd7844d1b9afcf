#include "gen/apigatewayv2/get_routes.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/route_parameters.h"

namespace outcrop::apigatewayv2 {

// By id.
Task<Result<GetRoutesOutput>> get_routes(Apigatewayv2& gateway, Call& call, GetRoutesInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [](const Part<RouteRecord>& part) { return show_route<Route>(part.id, part.record); };
  GetRoutesOutput output;
  output.items = co_await list_page<Route>(gateway.apis().routes(api_named(call, input.api_id)), page, output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
