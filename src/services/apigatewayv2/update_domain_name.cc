#include "gen/apigatewayv2/update_domain_name.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/domain/domain_configuration.h"

namespace outcrop::apigatewayv2 {

Task<Result<UpdateDomainNameOutput>> update_domain_name(Apigatewayv2& gateway, Call& call, UpdateDomainNameInput input) {
  const Place place = place_of(call);
  DomainRecord record = co_await gateway.domains().domains(place).change(
      input.domain_name, [&](store::Transaction&, DomainRecord& changed) -> Task<Result<void>> {
        co_return configure(changed, input.domain_name_configurations, input.mutual_tls_authentication, input.routing_mode);
      });
  co_return show_domain<UpdateDomainNameOutput>(place, input.domain_name, record);
}

}  // namespace outcrop::apigatewayv2
