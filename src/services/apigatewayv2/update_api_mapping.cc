#include "gen/apigatewayv2/update_api_mapping.h"

#include "services/apigatewayv2/apigatewayv2.h"

namespace outcrop::apigatewayv2 {

Task<Result<UpdateApiMappingOutput>> update_api_mapping(Apigatewayv2& gateway, Call& call, UpdateApiMappingInput input) {
  const Place place = place_of(call);
  const MappingRecord record =
      co_await gateway.domains()
          .mappings(place, input.domain_name)
          .change(input.api_mapping_id, [&](store::Transaction& transaction, MappingRecord& mapping) {
            mapping.api_id = input.api_id;
            if (input.api_mapping_key) mapping.key = *input.api_mapping_key;
            if (input.stage) mapping.stage = *input.stage;
            return gateway.domains().check_mapping(transaction, place, input.domain_name, input.api_mapping_id, mapping);
          });
  co_return show_mapping<UpdateApiMappingOutput>(input.api_mapping_id, record);
}

}  // namespace outcrop::apigatewayv2
