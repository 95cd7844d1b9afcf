#include "gen/apigatewayv2/delete_route_response.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<DeleteRouteResponseOutput>> delete_route_response(Apigatewayv2& gateway, Call& call, DeleteRouteResponseInput input) {
  co_await gateway.apis().route_responses(api_named(call, input.api_id), input.route_id).erase(input.route_response_id);
  co_return DeleteRouteResponseOutput();
}

}  // namespace outcrop::apigatewayv2
