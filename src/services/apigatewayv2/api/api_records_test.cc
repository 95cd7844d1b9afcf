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
  const Result<Record> decoded = wire::decode_record<Record>(unhex(bytes).value_or(""));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, record);
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
               "010604636861740880c0e285e3680e0c6f6620646f63756d656e7473120131161424726571756573742e626f64792e616374696f6e1a19"
               "24726571756573742e6865616465722e782d6170692d6b65791c0220002604697076342a0801047465616d0161");
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
               "01060824636f6e6e6563740a14696e746567726174696f6e732f616263313233340e06435553544f4d1206646566353637160301016118"
               "021e082464656661756c7422046f70656e261001082464656661756c74056f726465722a190116726f7574652e726571756573742e6865"
               "616465722e61022e082464656661756c74");
  expect_bytes(RouteResponseRecord{.key = "$default",
                                   .model_selection_expression = "$default",
                                   .models = {{{"$default", "order"}}},
                                   .parameters = {{{"route.response.header.a", false}}}},
               "0106082464656661756c740a082464656661756c740e1001082464656661756c74056f72646572121a0117726f7574652e726573706f6e"
               "73652e6865616465722e6100");
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
               "010604485454500a04504f53540e1368747470733a2f2f6578616d706c652e636f6d1208494e5445524e4554160f434f4e564552545f54"
               "4f5f544558541a2061726e3a6177733a69616d3a3a3131313132323232333333333a726f6c652f611e016422054e455645522603312e30"
               "2a22011c696e746567726174696f6e2e726571756573742e6865616465722e61032731272e0d01082464656661756c74027b7d32082464"
               "656661756c743490c503");
  expect_bytes(IntegrationResponseRecord{.key = "/200/",
                                         .content_handling = "CONVERT_TO_BINARY",
                                         .parameters = {{{"route.response.header.a", "'1'"}}},
                                         .templates = {{{"$default", "{}"}}},
                                         .template_selection_expression = "$default"},
               "0106052f3230302f0a11434f4e564552545f544f5f42494e4152590e1d0117726f7574652e726573706f6e73652e6865616465722e6103"
               "273127120d01082464656661756c74027b7d16082464656661756c74");
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
               "0106066162633132330880c0e285e3680c80c0e285e36812016414021a0501016101311e34062f61726e3a6177733a6c6f67733a75732d"
               "656173742d313a3131313132323232333333333a6c6f672d67726f75703a610a01662215040008020e04494e464f100a15000000000000"
               "24402608010361736b0210022e0173320801047465616d0161");
  expect_bytes(DeploymentRecord{.created_at = noon, .description = "d", .auto_deployed = true}, "010480c0e285e3680a01640c02");
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
