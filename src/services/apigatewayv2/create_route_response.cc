#include "gen/apigatewayv2/create_route_response.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

// Makes a response of a route: its clients are answered.
Task<Result<CreateRouteResponseOutput>> create_route_response(Apigatewayv2& gateway, Call& call, CreateRouteResponseInput input) {
  Parts<RouteResponseRecord> responses = gateway.apis().route_responses(api_named(call, input.api_id), input.route_id);
  const RouteResponseRecord made = co_await read_new_route_response(std::move(input));
  const std::string id = new_id(call.world.random, limits::part_id_length);
  const RouteResponseRecord record =
      co_await responses.create(id, made, [&](store::Transaction& transaction, RouteResponseRecord& response) {
        return check_response_in(transaction, responses, id, response);
      });
  co_return show_route_response<CreateRouteResponseOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
