#include "gen/apigatewayv2/update_api.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/api_parameters.h"

namespace outcrop::apigatewayv2 {

// Changes what the request names of an API.
Task<Result<UpdateApiOutput>> update_api(Apigatewayv2& gateway, Call& call, UpdateApiInput input) {
  const ApiName api = api_named(call, input.api_id);
  const ApiRecord record = co_await gateway.apis().change(api, [&](ApiRecord& changed) { return change_api(changed, input); });
  co_return show_api<UpdateApiOutput>(call, input.api_id, record);
}

}  // namespace outcrop::apigatewayv2
