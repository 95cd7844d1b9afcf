#include "gen/apigatewayv2/get_api.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/api_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetApiOutput>> get_api(Apigatewayv2& gateway, Call& call, GetApiInput input) {
  const ApiRecord record = co_await gateway.apis().apis(place_of(call)).get(input.api_id);
  co_return show_api<GetApiOutput>(call, input.api_id, record);
}

}  // namespace outcrop::apigatewayv2
