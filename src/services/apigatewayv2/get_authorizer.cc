#include "gen/apigatewayv2/get_authorizer.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/authorizer_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetAuthorizerOutput>> get_authorizer(Apigatewayv2& gateway, Call& call, GetAuthorizerInput input) {
  const AuthorizerRecord record = co_await gateway.apis().authorizers(api_named(call, input.api_id)).get(input.authorizer_id);
  co_return show_authorizer<GetAuthorizerOutput>(input.authorizer_id, record);
}

}  // namespace outcrop::apigatewayv2
