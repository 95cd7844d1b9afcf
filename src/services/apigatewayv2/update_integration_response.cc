#include "gen/apigatewayv2/update_integration_response.h"

#include "services/apigatewayv2/apigatewayv2.h"
#include "services/apigatewayv2/parts/response_parameters.h"

namespace outcrop::apigatewayv2 {

namespace {

Task<Result<void>> change_integration_response_in(store::Transaction& transaction, const Parts<IntegrationResponseRecord>& responses,
                                                  IntegrationResponseRecord& response, const UpdateIntegrationResponseInput& input) {
  co_await change_integration_response(response, input);
  co_return co_await keep(check_response_in(transaction, responses, input.integration_response_id, response));
}

}  // namespace

// Changes what the request names of a response.
Task<Result<UpdateIntegrationResponseOutput>> update_integration_response(Apigatewayv2& gateway, Call& call,
                                                                          UpdateIntegrationResponseInput input) {
  Parts<IntegrationResponseRecord> responses = gateway.apis().integration_responses(api_named(call, input.api_id), input.integration_id);
  const IntegrationResponseRecord record =
      co_await responses.change(input.integration_response_id, [&](store::Transaction& transaction, IntegrationResponseRecord& response) {
        return change_integration_response_in(transaction, responses, response, input);
      });
  co_return show_integration_response<UpdateIntegrationResponseOutput>(input.integration_response_id, record);
}

}  // namespace outcrop::apigatewayv2
