#include "gen/apigatewayv2/delete_route_request_parameter.h"

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

namespace {

Result<void> remove_parameter(RouteRecord& route, const std::string& key) {
  if (!route.request_parameters || !route.request_parameters->erase(key))
    return fail(not_found_exception("Invalid request parameter key specified " + key));
  return {};
}

}  // namespace

Task<Result<DeleteRouteRequestParameterOutput>> delete_route_request_parameter(Apigatewayv2& gateway, Call& call,
                                                                               DeleteRouteRequestParameterInput input) {
  Parts<RouteRecord> routes = gateway.apis().routes(api_named(call, input.api_id));
  co_await routes.change(input.route_id, [&](RouteRecord& route) { return remove_parameter(route, input.request_parameter_key); });
  co_return DeleteRouteRequestParameterOutput();
}

}  // namespace outcrop::apigatewayv2
