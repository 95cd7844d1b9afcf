#include "gen/apigatewayv2/get_models.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/model/schemas.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetModelsOutput>> get_models(Apigatewayv2& gateway, Call& call, GetModelsInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  GetModelsOutput output;
  output.items = co_await list_page<Model>(gateway.apis().models(api_named(call, input.api_id)), page, output.next_token,
                                           [](const Part<ModelRecord>& part) { return show_model<Model>(part.id, part.record); });
  co_return output;
}

}  // namespace outcrop::apigatewayv2
