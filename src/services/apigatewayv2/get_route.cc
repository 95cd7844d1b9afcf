#include "gen/apigatewayv2/get_route.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/route_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetRouteOutput>> get_route(Apigatewayv2& gateway, Call& call, GetRouteInput input) {
  const RouteRecord record = co_await gateway.apis().routes(api_named(call, input.api_id)).get(input.route_id);
  co_return show_route<GetRouteOutput>(input.route_id, record);
}

}  // namespace outcrop::apigatewayv2
