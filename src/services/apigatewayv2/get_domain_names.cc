#include "gen/apigatewayv2/get_domain_names.h"

#include "services/apigatewayv2/api/paging.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/domain/domain_configuration.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetDomainNamesOutput>> get_domain_names(Apigatewayv2& gateway, Call& call, GetDomainNamesInput input) {
  const Place place = place_of(call);
  const PageOf page = co_await read_page(input.max_results, input.next_token);
  GetDomainNamesOutput output;
  output.items =
      co_await list_page<DomainName>(gateway.domains().domains(place), page, output.next_token, [&](const Part<DomainRecord>& part) {
        return DomainName{.api_mapping_selection_expression = std::string(mapping_selection),
                          .domain_name = part.id,
                          .domain_name_arn = domain_arn(place, part.id),
                          .domain_name_configurations = shown_configurations(place, part.record),
                          .routing_mode = std::string(mappings_alone),
                          .tags = part.record.tags};
      });
  co_return output;
}

}  // namespace outcrop::apigatewayv2
