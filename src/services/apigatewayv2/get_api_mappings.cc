#include "gen/apigatewayv2/get_api_mappings.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetApiMappingsOutput>> get_api_mappings(Apigatewayv2& gateway, Call& call, GetApiMappingsInput input) {
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  GetApiMappingsOutput output;
  output.items =
      co_await list_page<ApiMapping>(gateway.domains().mappings(place_of(call), input.domain_name), page, output.next_token,
                                     [](const Part<MappingRecord>& part) { return show_mapping<ApiMapping>(part.id, part.record); });
  co_return output;
}

}  // namespace outcrop::apigatewayv2
