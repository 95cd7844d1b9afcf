#include "gen/apigatewayv2/get_api_mapping.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetApiMappingOutput>> get_api_mapping(Apigatewayv2& gateway, Call& call, GetApiMappingInput input) {
  const MappingRecord record = co_await gateway.domains().mappings(place_of(call), input.domain_name).get(input.api_mapping_id);
  co_return show_mapping<GetApiMappingOutput>(input.api_mapping_id, record);
}

}  // namespace outcrop::apigatewayv2
