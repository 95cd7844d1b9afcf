#include "gen/apigatewayv2/delete_route.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

// With its responses.
Task<Result<DeleteRouteOutput>> delete_route(Apigatewayv2& gateway, Call& call, DeleteRouteInput input) {
  const ApiName api = api_named(call, input.api_id);
  const store::Range responses = gateway.apis().route_responses(api, input.route_id).all();
  co_await gateway.apis().routes(api).erase(input.route_id, [&](store::Transaction& transaction, const RouteRecord&) -> Task<Result<void>> {
    transaction.erase_range(responses);
    co_return {};
  });
  co_return DeleteRouteOutput();
}

}  // namespace outcrop::apigatewayv2
