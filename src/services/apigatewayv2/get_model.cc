#include "gen/apigatewayv2/get_model.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/model/schemas.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetModelOutput>> get_model(Apigatewayv2& gateway, Call& call, GetModelInput input) {
  const ModelRecord record = co_await gateway.apis().models(api_named(call, input.api_id)).get(input.model_id);
  co_return show_model<GetModelOutput>(input.model_id, record);
}

}  // namespace outcrop::apigatewayv2
