#include "gen/apigatewayv2/get_apis.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/api_parameters.h"

namespace outcrop::apigatewayv2 {

// By id.
Task<Result<GetApisOutput>> get_apis(Apigatewayv2& gateway, Call& call, GetApisInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  const auto show = [&](const Part<ApiRecord>& api) { return show_api<Api>(call, api.id, api.record); };
  GetApisOutput output;
  output.items = co_await list_page<Api>(gateway.apis().apis(place_of(call)), page, output.next_token, show);
  co_return output;
}

}  // namespace outcrop::apigatewayv2
