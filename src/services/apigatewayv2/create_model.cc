#include "gen/apigatewayv2/create_model.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/model/schemas.h"

namespace outcrop::apigatewayv2 {

// A JSON schema of the API's messages, which its routes may ask for.
Task<Result<CreateModelOutput>> create_model(Apigatewayv2& gateway, Call& call, CreateModelInput input) {
  const std::string id = new_id(gateway.world().random, limits::deployment_id_length);
  const Parts<ModelRecord> all = gateway.apis().models(api_named(call, input.api_id));
  const ModelRecord record =
      co_await gateway.apis()
          .models(api_named(call, input.api_id))
          .create(id,
                  {.name = std::move(input.name),
                   .content_type = input.content_type.value_or(std::string(json_content)),
                   .description = std::move(input.description),
                   .schema = std::move(input.schema)},
                  [&](store::Transaction& transaction, ModelRecord& model) { return check_model(transaction, all, id, model); });
  co_return show_model<CreateModelOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
