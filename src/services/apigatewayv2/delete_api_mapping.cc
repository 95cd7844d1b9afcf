#include "gen/apigatewayv2/delete_api_mapping.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<DeleteApiMappingOutput>> delete_api_mapping(Apigatewayv2& gateway, Call& call, DeleteApiMappingInput input) {
  co_await gateway.domains().mappings(place_of(call), input.domain_name).erase(input.api_mapping_id);
  co_return DeleteApiMappingOutput{};
}

}  // namespace outcrop::apigatewayv2
