#include "services/apigatewayv2/parts/response_parameters.h"

#include <fmt/format.h>

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/parts/expressions.h"
#include "services/apigatewayv2/parts/fields.h"
#include "services/apigatewayv2/parts/parameter_mappings.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view only_route_response = "$default";  // "Set up a route response": the one key that there is so far
constexpr std::string_view response_prefix = "route.response.";

Result<void> check(const RouteResponseRecord& record) {
  if (record.key != only_route_response)
    return fail(bad_request_exception("Invalid RouteResponseKey specified. Currently, only $default is supported"));
  return check_expression(record.model_selection_expression);
}

Result<void> check(const IntegrationResponseRecord& record) {
  if (Result<void> usable = check_response_key(record.key); !usable) return usable;
  if (Result<void> usable = check_expression(record.template_selection_expression); !usable) return usable;
  return check_mappings(record.parameters, response_prefix);
}

template <class Input>
Result<void> take_members(RouteResponseRecord& record, Input& input) {
  set_text(record.model_selection_expression, input.model_selection_expression);
  set_value(record.models, input.response_models);
  return merge_required(record.parameters, input.response_parameters, response_prefix);
}

template <class Input>
void take_members(IntegrationResponseRecord& record, Input& input) {
  set_text(record.content_handling, input.content_handling_strategy);
  merge_texts(record.parameters, input.response_parameters);
  set_value(record.templates, input.response_templates);
  set_text(record.template_selection_expression, input.template_selection_expression);
}

}  // namespace

Result<RouteResponseRecord> read_new_route_response(CreateRouteResponseInput input) {
  RouteResponseRecord record{.key = std::move(input.route_response_key)};
  if (Result<void> usable = take_members(record, input); !usable) return fail(usable.error());
  if (Result<void> usable = check(record); !usable) return fail(usable.error());
  return record;
}

Result<void> change_route_response(RouteResponseRecord& record, UpdateRouteResponseInput input) {
  if (input.route_response_key) record.key = std::move(*input.route_response_key);
  if (Result<void> usable = take_members(record, input); !usable) return usable;
  return check(record);
}

Result<IntegrationResponseRecord> read_new_integration_response(CreateIntegrationResponseInput input) {
  IntegrationResponseRecord record{.key = std::move(input.integration_response_key)};
  take_members(record, input);
  if (Result<void> usable = check(record); !usable) return fail(usable.error());
  return record;
}

Result<void> change_integration_response(IntegrationResponseRecord& record, UpdateIntegrationResponseInput input) {
  if (input.integration_response_key) record.key = std::move(*input.integration_response_key);
  take_members(record, input);
  return check(record);
}

Fault response_exists(std::string_view key) { return conflict_exception(fmt::format("Response with key {} already exists", key)); }

}  // namespace outcrop::apigatewayv2
