#include "gen/apigatewayv2/get_authorizers.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/authorizer_parameters.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetAuthorizersOutput>> get_authorizers(Apigatewayv2& gateway, Call& call, GetAuthorizersInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  GetAuthorizersOutput output;
  output.items =
      co_await list_page<Authorizer>(gateway.apis().authorizers(api_named(call, input.api_id)), page, output.next_token,
                                     [](const Part<AuthorizerRecord>& part) { return show_authorizer<Authorizer>(part.id, part.record); });
  co_return output;
}

}  // namespace outcrop::apigatewayv2
