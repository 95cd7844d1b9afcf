// What a request may say of an API, and how an API is shown.
#pragma once
#include <string>
#include <string_view>

#include "core/call.h"
#include "gen/apigatewayv2/create_api.h"
#include "gen/apigatewayv2/update_api.h"
#include "services/apigatewayv2/api/apis.h"
#include "services/apigatewayv2/serving/endpoint.h"

namespace outcrop::apigatewayv2 {

// Faults, both: BadRequestException 400 for what WebSocket APIs have not, and for expressions that are none.
Result<ApiRecord> read_new_api(CreateApiInput input, Instant now);
Result<void> change_api(ApiRecord& record, UpdateApiInput input);

// As CreateApi, GetApi, UpdateApi and GetApis show it.
template <class Shown>
Shown show_api(const Call& call, std::string_view id, const ApiRecord& record) {
  Shown shown;
  shown.api_endpoint = shown_endpoint(call, id);
  shown.api_id = std::string(id);
  shown.api_key_selection_expression = record.api_key_selection_expression;
  shown.created_date = record.created_at;
  shown.description = record.description;
  shown.disable_schema_validation = record.disable_schema_validation;
  shown.disable_execute_api_endpoint = record.disable_execute_api_endpoint.value_or(false);
  shown.ip_address_type = record.ip_address_type;
  shown.name = record.name;
  shown.protocol_type = "WEBSOCKET";
  shown.route_selection_expression = record.route_selection_expression;
  shown.tags = record.tags;
  shown.version = record.version;
  return shown;
}

}  // namespace outcrop::apigatewayv2
