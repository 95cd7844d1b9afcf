#include "gen/apigatewayv2/create_integration_response.h"

#include "services/apigatewayv2/api/ids.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

// Makes a response of an integration: what becomes of its answers of that key.
Task<Result<CreateIntegrationResponseOutput>> create_integration_response(Apigatewayv2& gateway, Call& call,
                                                                          CreateIntegrationResponseInput input) {
  Parts<IntegrationResponseRecord> responses = gateway.apis().integration_responses(api_named(call, input.api_id), input.integration_id);
  const IntegrationResponseRecord made = co_await read_new_integration_response(std::move(input));
  const std::string id = new_id(call.world.random, limits::part_id_length);
  const IntegrationResponseRecord record =
      co_await responses.create(id, made, [&](store::Transaction& transaction, IntegrationResponseRecord& response) {
        return check_response_in(transaction, responses, id, response);
      });
  co_return show_integration_response<CreateIntegrationResponseOutput>(id, record);
}

}  // namespace outcrop::apigatewayv2
