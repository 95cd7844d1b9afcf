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
      co_await list_page<DomainName>(gateway.domains().domains(place), page, output.next_token,
                                     [&](const Part<DomainRecord>& part) { return show_domain<DomainName>(place, part.id, part.record); });
  co_return output;
}

}  // namespace outcrop::apigatewayv2
