#include "gen/apigatewayv2/create_api.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/api_parameters.h"

namespace outcrop::apigatewayv2 {

// Makes a WebSocket API, which has no routes yet.
Task<Result<CreateApiOutput>> create_api(Apigatewayv2& gateway, Call& call, CreateApiInput input) {
  const ApiRecord record = co_await read_new_api(std::move(input), call.world.clock.wall());
  const std::string id = co_await gateway.apis().create(place_of(call), record);
  co_return show_api<CreateApiOutput>(call, id, record);
}

}  // namespace outcrop::apigatewayv2
