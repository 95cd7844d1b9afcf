#include "gen/apigatewayv2/get_route_response.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetRouteResponseOutput>> get_route_response(Apigatewayv2& gateway, Call& call, GetRouteResponseInput input) {
  const RouteResponseRecord record =
      co_await gateway.apis().route_responses(api_named(call, input.api_id), input.route_id).get(input.route_response_id);
  co_return show_route_response<GetRouteResponseOutput>(input.route_response_id, record);
}

}  // namespace outcrop::apigatewayv2
