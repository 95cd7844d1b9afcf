#include "gen/apigatewayv2/delete_authorizer.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/authorizer_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<DeleteAuthorizerOutput>> delete_authorizer(Apigatewayv2& gateway, Call& call, DeleteAuthorizerInput input) {
  const ApiName api = api_named(call, input.api_id);
  const Parts<RouteRecord> routes = gateway.apis().routes(api);
  co_await gateway.apis().authorizers(api).erase(input.authorizer_id,
                                                 [&](store::Transaction& transaction, const AuthorizerRecord& authorizer) {
                                                   return check_authorizer_unused(transaction, routes, input.authorizer_id, authorizer);
                                                 });
  co_return DeleteAuthorizerOutput{};
}

}  // namespace outcrop::apigatewayv2
