#include "gen/apigatewayv2/create_route.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/route_parameters.h"

namespace outcrop::apigatewayv2 {

// Makes a route: of its key are the messages that take it.
Task<Result<CreateRouteOutput>> create_route(Apigatewayv2& gateway, Call& call, CreateRouteInput input) {
  const ApiName api = api_named(call, input.api_id);
  const RouteRecord made = co_await read_new_route(std::move(input));
  const std::string id = new_id(call.world.random, limits::part_id_length);
  const RouteRecord record = co_await gateway.apis().routes(api).create(id, made, [&](store::Transaction& transaction, RouteRecord& route) {
    return check_route_in(transaction, gateway.apis(), api, id, route);
  });
  co_return show_route<CreateRouteOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
