#include "gen/apigatewayv2/delete_api.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

// With all its parts, stages and deployments.
Task<Result<DeleteApiOutput>> delete_api(Apigatewayv2& gateway, Call& call, DeleteApiInput input) {
  co_await gateway.apis().erase(api_named(call, input.api_id));
  co_return DeleteApiOutput();
}

}  // namespace outcrop::apigatewayv2
