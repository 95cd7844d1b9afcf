// What is on disk of WebSocket APIs, in the form that it was first released in.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "services/apigatewayv2/api/apis.h"
#include "wire/record.h"

namespace outcrop::apigatewayv2 {
namespace {

constexpr Instant noon = instant_from_ms(1'800'000'000'000);

template <class Record>
void expect_bytes(const Record& record, std::string_view bytes) {
  EXPECT_EQ(hex(wire::encode_record(record)), bytes);
  EXPECT_EQ(wire::decode_record<Record>(*unhex(bytes)).value(), record);
}

TEST(ApiRecords, AnApiHasTheseBytes) {
  expect_bytes(ApiRecord{.name = "chat",
                         .created_at = noon,
                         .description = "of documents",
                         .version = "1",
                         .route_selection_expression = "$request.body.action",
                         .api_key_selection_expression = "$request.header.x-api-key",
                         .disable_execute_api_endpoint = true,
                         .disable_schema_validation = false,
                         .ip_address_type = "ipv4",
                         .tags = {{"team", "a"}}},
               "");
}

TEST(ApiRecords, ARouteAndItsResponseHaveTheseBytes) {
  expect_bytes(RouteRecord{.key = "$connect",
                           .target = "integrations/abc1234",
                           .authorization_type = "CUSTOM",
                           .authorizer_id = "def567",
                           .authorization_scopes = {{"a"}},
                           .api_key_required = true,
                           .model_selection_expression = "$default",
                           .operation_name = "open",
                           .request_models = {{{"$default", "order"}}},
                           .request_parameters = {{{"route.request.header.a", true}}},
                           .response_selection_expression = "$default"},
               "");
  expect_bytes(RouteResponseRecord{.key = "$default",
                                   .model_selection_expression = "$default",
                                   .models = {{{"$default", "order"}}},
                                   .parameters = {{{"route.response.header.a", false}}}},
               "");
}

TEST(ApiRecords, AnIntegrationAndItsResponseHaveTheseBytes) {
  expect_bytes(IntegrationRecord{.type = "HTTP",
                                 .method = "POST",
                                 .uri = "https://example.com",
                                 .connection_type = "INTERNET",
                                 .content_handling = "CONVERT_TO_TEXT",
                                 .credentials_arn = "arn:aws:iam::111122223333:role/a",
                                 .description = "d",
                                 .passthrough = "NEVER",
                                 .payload_format_version = "1.0",
                                 .request_parameters = {{{"integration.request.header.a", "'1'"}}},
                                 .request_templates = {{{"$default", "{}"}}},
                                 .template_selection_expression = "$default",
                                 .timeout_ms = 29'000},
               "");
  expect_bytes(IntegrationResponseRecord{.key = "/200/",
                                         .content_handling = "CONVERT_TO_BINARY",
                                         .parameters = {{{"route.response.header.a", "'1'"}}},
                                         .templates = {{{"$default", "{}"}}},
                                         .template_selection_expression = "$default"},
               "");
}

TEST(ApiRecords, AStageAndADeploymentHaveTheseBytes) {
  expect_bytes(StageRecord{.deployment_id = "abc123",
                           .created_at = noon,
                           .updated_at = noon,
                           .description = "d",
                           .auto_deploy = true,
                           .variables = {{"a", "1"}},
                           .access_log = gateway::AccessLogRecord{.destination_arn = "arn:aws:logs:us-east-1:111122223333:log-group:a",
                                                                  .format = "f"},
                           .default_route_settings =
                               {.data_trace = false, .detailed_metrics = true, .logging_level = "INFO", .burst_limit = 5, .rate_limit = 10},
                           .route_settings = {{"ask", {.burst_limit = 1}}},
                           .last_deployment_status = "s",
                           .tags = {{"team", "a"}}},
               "");
  expect_bytes(DeploymentRecord{.created_at = noon, .description = "d", .auto_deployed = true}, "");
}

TEST(ApiRecords, TheyLieUnderTheseKeys) {
  const ApiName api{{"111122223333", "us-east-1"}, "bu24s9i8t0"};
  EXPECT_EQ(api_key(api), "global/apigatewayv2/111122223333/us-east-1/api/bu24s9i8t0");
  EXPECT_EQ(api_id_key(api.id), "global/apigatewayv2-id/bu24s9i8t0");
  EXPECT_EQ(parts_prefix(api.id, part_kind::route_response), "global/apigatewayv2-part/bu24s9i8t0/route-response/");
  EXPECT_EQ(frozen_prefix(api.id, "abc123"), "global/apigatewayv2-frozen/bu24s9i8t0/abc123/");
  EXPECT_EQ(place_in(api.place.text()), api.place);
}

}  // namespace
}  // namespace outcrop::apigatewayv2
