#include "gen/apigatewayv2/delete_domain_name.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/domain/domain_configuration.h"

namespace outcrop::apigatewayv2 {

// Its mappings go with it.
Task<Result<DeleteDomainNameOutput>> delete_domain_name(Apigatewayv2& gateway, Call& call, DeleteDomainNameInput input) {
  co_await gateway.domains().erase(place_of(call), input.domain_name);
  co_return DeleteDomainNameOutput{};
}

}  // namespace outcrop::apigatewayv2
