#include "gen/apigatewayv2/get_model.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetModelOutput>> get_model(Apigatewayv2& gateway, Call& call, GetModelInput input) {
  const ModelRecord record = co_await gateway.apis().models(api_named(call, input.api_id)).get(input.model_id);
  co_return GetModelOutput{.content_type = record.content_type,
                           .description = record.description,
                           .model_id = input.model_id,
                           .name = record.name,
                           .schema = record.schema};
}

}  // namespace outcrop::apigatewayv2
