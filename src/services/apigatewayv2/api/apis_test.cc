// What is kept of APIs, and what keeps two from standing in each other's way.
#include "services/apigatewayv2/api/apis.h"

#include <gmock/gmock.h>

#include "gen/apigatewayv2/create_integration.h"
#include "gen/apigatewayv2/get_api.h"
#include "gen/apigatewayv2/get_routes.h"
#include "services/apigatewayv2/limits.h"
#include "services/apigatewayv2/testing/api_harness.h"

namespace outcrop::apigatewayv2 {
namespace {

struct ApisTest : ApiHarness {};

TEST_F(ApisTest, AnApiIsItsAccountsAlone) {
  const std::string api = new_api();
  Call other = call_of("444455556666");
  EXPECT_EQ(refusal_of(run(get_api(gateway, other, {.api_id = api}))), "404 NotFoundException");
  EXPECT_TRUE(run(get_api(gateway, call, {.api_id = api})));
}

TEST_F(ApisTest, MoreRoutesThanTheQuotaAreRefused) {
  const std::string api = new_api();
  for (size_t i = 0; i < limits::routes_max; ++i) new_route(api, "route-" + std::to_string(i));
  const auto one_more = run(create_route(gateway, call, {.api_id = api, .route_key = "one-more"}));
  EXPECT_EQ(refusal_of(one_more), "429 TooManyRequestsException");
  EXPECT_EQ(one_more.error().message,
            "Maximum number of Routes for this API has been reached.  Please contact AWS if you need additional Routes.");
}

TEST_F(ApisTest, ARaisedQuotaAppliesToTheAccountAtOnce) {
  const std::string api = new_api();
  for (size_t i = 0; i < limits::stages_max; ++i) new_stage(api, "stage-" + std::to_string(i));
  auto one_more = [&](std::string name) { return run(create_stage(gateway, call, {.api_id = api, .stage_name = std::move(name)})); };
  EXPECT_EQ(refusal_of(one_more("another")), "429 TooManyRequestsException");
  quotas.raise("111122223333", "us-east-1", "apigateway", "L-379E48B0", double(limits::stages_max + 1));
  EXPECT_TRUE(one_more("another"));
  EXPECT_EQ(refusal_of(one_more("yet-another")), "429 TooManyRequestsException");
}

TEST_F(ApisTest, TheManagementApiIsNoServiceForIntegrations) {
  const auto refused = run(create_integration(gateway, call,
                                              {.api_id = new_api(),
                                               .integration_method = "POST",
                                               .integration_type = "AWS",
                                               .integration_uri = "arn:aws:apigateway:us-east-1:execute-api:path/@connections/abc"}));
  EXPECT_EQ(refusal_of(refused), "400 BadRequestException");
  EXPECT_EQ(refused.error().message, "AWS Service of type execute-api not supported");
}

TEST_F(ApisTest, ARouteIsListedWhereItsPageIs) {
  const std::string api = new_api();
  for (int i = 0; i < 5; ++i) new_route(api, "route-" + std::to_string(i));
  std::optional<std::string> token;
  size_t listed = 0;
  do {
    const auto page = run(get_routes(gateway, call, {.api_id = api, .max_results = "2", .next_token = token}));
    ASSERT_TRUE(page);
    EXPECT_LE(page->items->size(), 2u);
    listed += page->items->size();
    token = page->next_token;
  } while (token);
  EXPECT_EQ(listed, 5u);
}

TEST_F(ApisTest, AnApiTooLargeForOneTransactionIsNotDeployedAndSaysSo) {
  const std::string api = new_api();
  new_route(api, "ask");
  wire::Map<std::string> templates;
  for (int i = 0; i < 15; ++i) templates["template-" + std::to_string(i)] = std::string(32'768, 'x');
  for (int i = 0; i < 14; ++i)
    ASSERT_TRUE(run(create_integration(gateway, call, {.api_id = api, .integration_type = "MOCK", .request_templates = templates})));
  const auto deployed = run(create_deployment(gateway, call, {.api_id = api}));
  EXPECT_EQ(refusal_of(deployed), "400 BadRequestException");
  EXPECT_THAT(deployed.error().message, ::testing::HasSubstr("a deployment holds at most"));
}

TEST_F(ApisTest, APartTooLargeForTheStoreIsRefused) {
  wire::Map<std::string> templates;
  for (int i = 0; i < 20; ++i) templates["template-" + std::to_string(i)] = std::string(32'768, 'x');
  EXPECT_EQ(
      refusal_of(run(create_integration(gateway, call, {.api_id = new_api(), .integration_type = "MOCK", .request_templates = templates}))),
      "400 BadRequestException");
}

}  // namespace
}  // namespace outcrop::apigatewayv2
