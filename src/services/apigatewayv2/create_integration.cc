#include "gen/apigatewayv2/create_integration.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/integration_parameters.h"

namespace outcrop::apigatewayv2 {

// Makes an integration, which routes may name as their target.
Task<Result<CreateIntegrationOutput>> create_integration(Apigatewayv2& gateway, Call& call, CreateIntegrationInput input) {
  Parts<IntegrationRecord> integrations = gateway.apis().integrations(api_named(call, input.api_id));
  const std::string id = new_id(call.world.random, limits::part_id_length);
  const IntegrationRecord record = co_await integrations.create(id, co_await read_new_integration(std::move(input)));
  co_return show_integration<CreateIntegrationOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
