#include "services/apigatewayv2/parts/integration_parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/arn.h"
#include "gen/apigatewayv2/errors.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/parts/expressions.h"
#include "services/apigatewayv2/parts/fields.h"
#include "services/apigatewayv2/parts/parameter_mappings.h"

namespace outcrop::apigatewayv2 {

namespace {

constexpr std::string_view aws_type = "AWS", aws_proxy_type = "AWS_PROXY", mock_type = "MOCK";
constexpr std::string_view payload_version = "1.0";
constexpr std::string_view integration_methods[] = {"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"};

Fault not_of_websocket(std::string_view member) {
  return bad_request_exception(fmt::format("{} may only be specified for an API with a protocol type of HTTP", member));
}

template <class Input>
Result<void> refuse_what_is_not_there(const Input& input) {
  if (input.connection_type == "VPC_LINK" || input.connection_id)
    return fail(bad_request_exception("ConnectionType VPC_LINK, with its ConnectionId, is not available in Outcrop; INTERNET is"));
  if (input.integration_subtype) return fail(not_of_websocket("IntegrationSubtype"));
  if (input.response_parameters) return fail(not_of_websocket("ResponseParameters"));
  if (input.tls_config) return fail(not_of_websocket("TlsConfig"));
  if (input.payload_format_version.value_or(std::string(payload_version)) != payload_version)
    return fail(bad_request_exception("PayloadFormatVersion must be 1.0 for an API with a protocol type of WEBSOCKET"));
  return {};
}

Result<void> check_method(const IntegrationRecord& record) {
  if (!record.method) return fail(bad_request_exception("Enumeration value for HttpMethod must be non-empty"));
  if (std::ranges::find(integration_methods, *record.method) == std::end(integration_methods))
    return fail(
        bad_request_exception(fmt::format("Invalid HttpMethod specified. Valid options are {}", fmt::join(integration_methods, ","))));
  if (record.type == aws_proxy_type && *record.method != "POST")
    return fail(bad_request_exception("HttpMethod must be POST for AWS_PROXY IntegrationType"));
  return {};
}

// "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:…/invocations".
Result<void> check_aws_uri(const IntegrationRecord& record) {
  const std::optional<Arn> arn = parse_arn(*record.uri);
  if (!arn || !arn->partition.starts_with("aws")) return fail(bad_request_exception("Invalid ARN specified in the request"));
  if (arn->service != "apigateway" || !(arn->resource.starts_with("path/") || arn->resource.starts_with("action/")))
    return fail(bad_request_exception("AWS ARN for integration must contain path or action"));
  const std::string_view service = arn->account;  // the ARN has it where others have the account
  if (service == "execute-api" || service.ends_with(".execute-api") || service == "apigatewaymanagementapi")
    return fail(bad_request_exception(fmt::format("AWS Service of type {} not supported", service)));
  if (record.type == aws_proxy_type && service != "lambda")
    return fail(
        bad_request_exception("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."));
  return {};
}

Result<void> check_uri(const IntegrationRecord& record) {
  if (record.type == aws_type || record.type == aws_proxy_type) {
    if (!record.uri) return fail(bad_request_exception("Invalid ARN specified in the request"));
    return check_aws_uri(record);
  }
  const std::string_view uri = record.uri ? std::string_view(*record.uri) : std::string_view();
  if (uri.starts_with("http://") || uri.starts_with("https://") || uri.starts_with("${stageVariables.")) return {};
  return fail(bad_request_exception("Invalid HTTP endpoint specified for URI"));
}

Result<void> check_integration(const IntegrationRecord& record) {
  if (record.timeout_ms < limits::timeout_ms_min || record.timeout_ms > limits::timeout_ms_max)
    return fail(
        bad_request_exception(fmt::format("Timeout should be between {} ms and {} ms", limits::timeout_ms_min, limits::timeout_ms_max)));
  if (record.type != mock_type) {
    if (Result<void> usable = check_method(record); !usable) return usable;
    if (Result<void> usable = check_uri(record); !usable) return usable;
  }
  if (record.credentials_arn && !parse_arn(*record.credentials_arn))
    return fail(bad_request_exception("Invalid ARN specified in the request"));
  if (Result<void> usable = check_expression(record.template_selection_expression); !usable) return usable;
  return check_mappings(record.request_parameters, "integration.request.");
}

template <class Input>
void take_members(IntegrationRecord& record, Input& input) {
  set_text(record.method, input.integration_method);
  set_text(record.uri, input.integration_uri);
  set_text(record.connection_type, input.connection_type);
  set_text(record.content_handling, input.content_handling_strategy);
  set_text(record.credentials_arn, input.credentials_arn);
  set_text(record.description, input.description);
  set_text(record.passthrough, input.passthrough_behavior);
  merge_texts(record.request_parameters, input.request_parameters);
  set_value(record.request_templates, input.request_templates);
  set_text(record.template_selection_expression, input.template_selection_expression);
  if (input.timeout_in_millis) record.timeout_ms = *input.timeout_in_millis;
}

}  // namespace

Result<IntegrationRecord> read_new_integration(CreateIntegrationInput input) {
  if (Result<void> usable = refuse_what_is_not_there(input); !usable) return fail(usable.error());
  IntegrationRecord record{.type = std::move(input.integration_type),
                           .connection_type = "INTERNET",
                           .passthrough = "WHEN_NO_MATCH",
                           .payload_format_version = std::string(payload_version),
                           .timeout_ms = limits::timeout_ms_max};
  if (record.type == aws_proxy_type) record.method = "POST";
  take_members(record, input);
  if (Result<void> usable = check_integration(record); !usable) return fail(usable.error());
  return record;
}

Result<void> change_integration(IntegrationRecord& record, UpdateIntegrationInput input) {
  if (Result<void> usable = refuse_what_is_not_there(input); !usable) return usable;
  if (input.integration_type) record.type = std::move(*input.integration_type);
  take_members(record, input);
  return check_integration(record);
}

Task<Result<void>> check_unused(store::Transaction& transaction, const Parts<RouteRecord>& routes, std::string_view integration) {
  const std::string target = "integrations/" + std::string(integration);
  std::vector<std::string> users;
  for (const Part<RouteRecord>& route : co_await routes.list_in(transaction)) {
    if (route.record.target == target) users.push_back(route.id);
  }
  if (users.empty()) co_return {};
  co_return fail(conflict_exception(
      fmt::format("Cannot delete Integration because it is referenced by the following Routes with Ids: [{}]", fmt::join(users, ", "))));
}

std::optional<std::string> response_selection_of(const IntegrationRecord& record) {
  if (record.type == aws_type) return "${integration.response.body.errorMessage}";
  if (record.type == "HTTP" || record.type == mock_type) return "${integration.response.statuscode}";
  return std::nullopt;
}

}  // namespace outcrop::apigatewayv2
