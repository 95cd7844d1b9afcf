#include "gen/apigatewayv2/create_api_mapping.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"

namespace outcrop::apigatewayv2 {

// Leads a custom domain name, or what begins with a path there, to a stage.
Task<Result<CreateApiMappingOutput>> create_api_mapping(Apigatewayv2& gateway, Call& call, CreateApiMappingInput input) {
  const Place place = place_of(call);
  const std::string id = new_id(gateway.world().random, limits::deployment_id_length);
  const MappingRecord record = co_await gateway.domains()
                                   .mappings(place, input.domain_name)
                                   .create(id, {.key = input.api_mapping_key.value_or(""), .api_id = input.api_id, .stage = input.stage},
                                           [&](store::Transaction& transaction, MappingRecord& mapping) {
                                             return gateway.domains().check_mapping(transaction, place, input.domain_name, id, mapping);
                                           });
  co_return show_mapping<CreateApiMappingOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
