#include "gen/apigatewayv2/create_domain_name.h"

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/domain/domain_configuration.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/tags.h"

namespace outcrop::apigatewayv2 {

// A name of the caller's own for WebSocket APIs. It is reached at this server by whoever sends that Host; nothing is registered anywhere.
Task<Result<CreateDomainNameOutput>> create_domain_name(Apigatewayv2& gateway, Call& call, CreateDomainNameInput input) {
  co_await check_domain_name(input.domain_name);
  const Place place = place_of(call);
  if (!input.domain_name_configurations) co_return fail(bad_request_exception("Exactly one domain name configuration must be provided"));
  DomainRecord record{.regional_id = new_id(gateway.world().random, limits::api_id_length), .created_at = gateway.world().clock.wall()};
  co_await configure(record, input.domain_name_configurations, input.mutual_tls_authentication, input.routing_mode);
  co_await add_tags(record.tags, input.tags);
  record = co_await gateway.domains().create(place, input.domain_name, record);
  co_return show_domain<CreateDomainNameOutput>(place, input.domain_name, record);
}

}  // namespace outcrop::apigatewayv2
