#include "gen/apigatewayv2/get_domain_name.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/domain/domain_configuration.h"

namespace outcrop::apigatewayv2 {

Task<Result<GetDomainNameOutput>> get_domain_name(Apigatewayv2& gateway, Call& call, GetDomainNameInput input) {
  const Place place = place_of(call);
  DomainRecord record = co_await gateway.domains().domains(place).get(input.domain_name);
  co_return show_domain<GetDomainNameOutput>(place, input.domain_name, record);
}

}  // namespace outcrop::apigatewayv2
