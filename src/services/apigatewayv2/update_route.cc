#include "gen/apigatewayv2/update_route.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/route_parameters.h"

namespace outcrop::apigatewayv2 {

namespace {

Task<Result<void>> change_route_in(store::Transaction& transaction, Apis& apis, const ApiName& api, RouteRecord& route,
                                   const UpdateRouteInput& input) {
  co_await change_route(route, input);
  co_return co_await keep(check_route_in(transaction, apis, api, input.route_id, route));
}

}  // namespace

// Changes what the request names of a route.
Task<Result<UpdateRouteOutput>> update_route(Apigatewayv2& gateway, Call& call, UpdateRouteInput input) {
  const ApiName api = api_named(call, input.api_id);
  const RouteRecord record = co_await gateway.apis().routes(api).change(
      input.route_id,
      [&](store::Transaction& transaction, RouteRecord& route) { return change_route_in(transaction, gateway.apis(), api, route, input); });
  co_return show_route<UpdateRouteOutput>(input.route_id, record);
}

}  // namespace outcrop::apigatewayv2
