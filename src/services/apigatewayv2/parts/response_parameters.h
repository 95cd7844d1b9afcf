// What a request may say of the responses of routes and of integrations, and how they are shown.
#pragma once
#include <optional>
#include <string_view>

#include "gen/apigatewayv2/create_integration_response.h"
#include "gen/apigatewayv2/create_route_response.h"
#include "gen/apigatewayv2/update_integration_response.h"
#include "gen/apigatewayv2/update_route_response.h"
#include "services/apigatewayv2/api/apis.h"
#include "services/apigatewayv2/parts/required_parameters.h"

namespace outcrop::apigatewayv2 {

// Faults, all: BadRequestException 400 for keys, expressions, parameters and templates that are none.
Result<RouteResponseRecord> read_new_route_response(CreateRouteResponseInput input);
Result<void> change_route_response(RouteResponseRecord& record, UpdateRouteResponseInput input);
Result<IntegrationResponseRecord> read_new_integration_response(CreateIntegrationResponseInput input);
Result<void> change_integration_response(IntegrationResponseRecord& record, UpdateIntegrationResponseInput input);

Fault response_exists(std::string_view key);
// Fault: ConflictException 409 when another response of the same owner than `id` has the key.
template <class Record>
Task<Result<void>> check_response_in(store::Transaction& transaction, const Parts<Record>& responses, std::string_view id,
                                     const Record& record) {
  for (const Part<Record>& other : co_await responses.list_in(transaction)) {
    if (other.id != id && other.record.key == record.key) co_return fail(response_exists(record.key));
  }
  co_return {};
}

template <class Shown>
Shown show_route_response(std::string_view id, const RouteResponseRecord& record) {
  Shown shown;
  shown.model_selection_expression = record.model_selection_expression;
  shown.response_models = record.models;
  shown.response_parameters = show_required(record.parameters);
  shown.route_response_id = std::string(id);
  shown.route_response_key = record.key;
  return shown;
}

template <class Shown>
Shown show_integration_response(std::string_view id, const IntegrationResponseRecord& record) {
  Shown shown;
  shown.content_handling_strategy = record.content_handling;
  shown.integration_response_id = std::string(id);
  shown.integration_response_key = record.key;
  shown.response_parameters = record.parameters;
  shown.response_templates = record.templates;
  shown.template_selection_expression = record.template_selection_expression;
  return shown;
}

}  // namespace outcrop::apigatewayv2
