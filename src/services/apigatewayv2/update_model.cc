#include "gen/apigatewayv2/update_model.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/model/schemas.h"

namespace outcrop::apigatewayv2 {

Task<Result<UpdateModelOutput>> update_model(Apigatewayv2& gateway, Call& call, UpdateModelInput input) {
  const Parts<ModelRecord> all = gateway.apis().models(api_named(call, input.api_id));
  const ModelRecord record = co_await gateway.apis()
                                 .models(api_named(call, input.api_id))
                                 .change(input.model_id, [&](store::Transaction& transaction, ModelRecord& model) {
                                   if (input.name) model.name = *input.name;
                                   if (input.content_type) model.content_type = *input.content_type;
                                   if (input.description) model.description = *input.description;
                                   if (input.schema) model.schema = *input.schema;
                                   return check_model(transaction, all, input.model_id, model);
                                 });
  co_return show_model<UpdateModelOutput>(input.model_id, record);
}

}  // namespace outcrop::apigatewayv2
