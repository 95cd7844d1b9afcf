#include "services/apigatewayv2/parts/api_parameters.h"

#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/parts/expressions.h"
#include "services/apigatewayv2/parts/fields.h"
#include "services/apigatewayv2/parts/tags.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view header_key = "$request.header.x-api-key";
constexpr std::string_view authorizer_key = "$context.authorizer.usageIdentifierKey";

Fault of_http_apis(std::string_view members) {
  return bad_request_exception(fmt::format("{} may only be specified for an API with a protocol type of HTTP", members));
}

Fault no_route_expression() {
  return bad_request_exception("RouteSelectionExpression is required for an API with a protocol type of WEBSOCKET");
}

template <class Input>
Result<void> refuse_parameters_of_http(const Input& input) {
  if (input.cors_configuration) return fail(of_http_apis("CorsConfiguration"));
  if (input.target || input.route_key || input.credentials_arn)
    return fail(of_http_apis("Target, RouteKey and CredentialsArn (quick create)"));
  return {};
}

Result<void> check_key_expression(const std::optional<std::string>& expression) {
  if (!expression || *expression == header_key || *expression == authorizer_key) return {};
  return fail(bad_request_exception(
      fmt::format("Invalid ApiKeySelectionExpression specified. Must be one of [{}, {}]", header_key, authorizer_key)));
}

template <class Input>
Result<void> check_parameters(const Input& input) {
  if (Result<void> usable = refuse_parameters_of_http(input); !usable) return usable;
  if (Result<void> usable = check_expression(input.route_selection_expression); !usable) return usable;
  return check_key_expression(input.api_key_selection_expression);
}

Result<void> check_protocol(const std::string& protocol) {
  if (protocol == "WEBSOCKET") return {};
  if (protocol == "HTTP")
    return fail(bad_request_exception("APIs with a protocol type of HTTP are not available in Outcrop; WEBSOCKET is"));
  return fail(bad_request_exception("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]"));
}

}  // namespace

Result<ApiRecord> read_new_api(CreateApiInput input, Instant now) {
  if (Result<void> usable = check_protocol(input.protocol_type); !usable) return fail(usable.error());
  if (Result<void> usable = check_parameters(input); !usable) return fail(usable.error());
  if (input.name.empty()) return fail(bad_request_exception("Name cannot be empty"));
  if (input.route_selection_expression.value_or("").empty()) return fail(no_route_expression());
  ApiRecord record{.name = std::move(input.name),
                   .created_at = now,
                   .route_selection_expression = std::move(*input.route_selection_expression),
                   .api_key_selection_expression = input.api_key_selection_expression.value_or(std::string(header_key)),
                   .disable_execute_api_endpoint = input.disable_execute_api_endpoint,
                   .disable_schema_validation = input.disable_schema_validation,
                   .ip_address_type = input.ip_address_type.value_or("ipv4")};
  set_text(record.description, input.description);
  set_text(record.version, input.version);
  if (Result<void> usable = add_tags(record.tags, input.tags); !usable) return fail(usable.error());
  return record;
}

Result<void> change_api(ApiRecord& record, UpdateApiInput input) {
  if (Result<void> usable = check_parameters(input); !usable) return usable;
  if (input.name) {
    if (input.name->empty()) return fail(bad_request_exception("Name cannot be empty"));
    record.name = std::move(*input.name);
  }
  if (input.route_selection_expression) {
    if (input.route_selection_expression->empty()) return fail(no_route_expression());
    record.route_selection_expression = std::move(*input.route_selection_expression);
  }
  set_value(record.api_key_selection_expression, input.api_key_selection_expression);
  set_value(record.disable_execute_api_endpoint, input.disable_execute_api_endpoint);
  set_value(record.disable_schema_validation, input.disable_schema_validation);
  set_value(record.ip_address_type, input.ip_address_type);
  set_text(record.description, input.description);
  set_text(record.version, input.version);
  return {};
}

}  // namespace outcrop::apigatewayv2
