#include "gen/apigatewayv2/update_route_response.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

namespace {

Task<Result<void>> change_route_response_in(store::Transaction& transaction, const Parts<RouteResponseRecord>& responses,
                                            RouteResponseRecord& response, const UpdateRouteResponseInput& input) {
  co_await change_route_response(response, input);
  co_return co_await keep(check_response_in(transaction, responses, input.route_response_id, response));
}

}  // namespace

// Changes what the request names of a response.
Task<Result<UpdateRouteResponseOutput>> update_route_response(Apigatewayv2& gateway, Call& call, UpdateRouteResponseInput input) {
  Parts<RouteResponseRecord> responses = gateway.apis().route_responses(api_named(call, input.api_id), input.route_id);
  const RouteResponseRecord record =
      co_await responses.change(input.route_response_id, [&](store::Transaction& transaction, RouteResponseRecord& response) {
        return change_route_response_in(transaction, responses, response, input);
      });
  co_return show_route_response<UpdateRouteResponseOutput>(input.route_response_id, record);
}

}  // namespace outcrop::apigatewayv2
