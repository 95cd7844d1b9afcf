#include "gen/apigatewayv2/delete_model.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/model/schemas.h"

namespace outcrop::apigatewayv2 {

Task<Result<DeleteModelOutput>> delete_model(Apigatewayv2& gateway, Call& call, DeleteModelInput input) {
  const ApiName api = api_named(call, input.api_id);
  const Parts<RouteRecord> routes = gateway.apis().routes(api);
  co_await gateway.apis().models(api).erase(
      input.model_id, [&](store::Transaction& transaction, const ModelRecord& model) { return check_unused(transaction, routes, model); });
  co_return DeleteModelOutput{};
}

}  // namespace outcrop::apigatewayv2
