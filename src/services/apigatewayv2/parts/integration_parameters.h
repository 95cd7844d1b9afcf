// What a request may say of an integration, and how one is shown.
#pragma once
#include <string_view>

#include "gen/apigatewayv2/create_integration.h"
#include "gen/apigatewayv2/update_integration.h"
#include "services/apigatewayv2/api/apis.h"

namespace outcrop::apigatewayv2 {

// Faults, both: BadRequestException 400 for what WebSocket APIs have not, and for an integration that could not be carried out.
Result<IntegrationRecord> read_new_integration(CreateIntegrationInput input);
Result<void> change_integration(IntegrationRecord& record, UpdateIntegrationInput input);

// For who erases the integration: its responses go with it. Fault: ConflictException 409 as long as routes name it.
Task<Result<void>> check_unused(store::Transaction& transaction, const Parts<RouteRecord>& routes, std::string_view integration);

// By what the integration's response is chosen; none of proxy integrations, whose answers are passed on.
std::optional<std::string> response_selection_of(const IntegrationRecord& record);

template <class Shown>
Shown show_integration(std::string_view id, const IntegrationRecord& record) {
  Shown shown;
  shown.connection_type = record.connection_type;
  shown.content_handling_strategy = record.content_handling;
  shown.credentials_arn = record.credentials_arn;
  shown.description = record.description;
  shown.integration_id = std::string(id);
  shown.integration_method = record.method;
  shown.integration_response_selection_expression = response_selection_of(record);
  shown.integration_type = record.type;
  shown.integration_uri = record.uri;
  shown.passthrough_behavior = record.passthrough;
  shown.payload_format_version = record.payload_format_version;
  shown.request_parameters = record.request_parameters;
  shown.request_templates = record.request_templates;
  shown.template_selection_expression = record.template_selection_expression;
  shown.timeout_in_millis = record.timeout_ms;
  return shown;
}

}  // namespace outcrop::apigatewayv2
