// What the data plane finds, and that it finds every change that was acknowledged.
#include "services/apigatewayv2/serving/served_stages.h"

#include "gen/apigatewayv2/delete_api.h"
#include "gen/apigatewayv2/delete_route.h"
#include "gen/apigatewayv2/delete_stage.h"
#include "gen/apigatewayv2/tag_resource.h"
#include "gen/apigatewayv2/update_api.h"
#include "gen/apigatewayv2/update_stage.h"
#include "services/apigatewayv2/testing/api_harness.h"

namespace outcrop::apigatewayv2 {
namespace {

struct ServedStagesTest : ApiHarness {};

TEST_F(ServedStagesTest, AStageIsServedAsItsDeploymentFrozeTheApi) {
  const std::string api = new_api();
  new_route(api, "ask");
  new_stage(api, "live", new_deployment(api));
  new_route(api, "stop");
  const auto stage = served(api, "live");
  ASSERT_TRUE(stage);
  EXPECT_EQ(stage->name, "live");
  EXPECT_EQ(stage->api->account(), "111122223333");
  EXPECT_EQ(stage->api->region(), "us-east-1");
  EXPECT_TRUE(stage->api->find_route("ask"));
  EXPECT_FALSE(stage->api->find_route("stop"));
}

TEST_F(ServedStagesTest, ADeploymentIsSeenByTheNextCall) {
  const std::string api = new_api();
  new_route(api, "ask");
  new_stage(api, "live", new_deployment(api));
  EXPECT_EQ(served(api, "live"), served(api, "live"));  // kept
  new_route(api, "stop");
  new_deployment(api, "live");
  EXPECT_TRUE(served(api, "live")->api->find_route("stop"));
}

TEST_F(ServedStagesTest, AutoDeploySeesEveryChange) {
  const std::string api = new_api();
  new_stage(api, "live", {}, true);
  EXPECT_FALSE(served(api, "live"));
  const std::string route = new_route(api, "ask");
  EXPECT_TRUE(served(api, "live")->api->find_route("ask"));
  new_route(api, "stop");
  EXPECT_TRUE(served(api, "live")->api->find_route("stop"));
  ASSERT_TRUE(run(delete_route(gateway, call, {.api_id = api, .route_id = route})));
  EXPECT_FALSE(served(api, "live")->api->find_route("ask"));
  ASSERT_TRUE(run(update_api(gateway, call, {.api_id = api, .route_selection_expression = "$request.body.kind"})));
  EXPECT_EQ(served(api, "live")->api->record().route_selection_expression, "$request.body.kind");
}

TEST_F(ServedStagesTest, DeploymentsThatNoStageFollowsAnyMoreLeaveNothing) {
  const std::string api = new_api();
  new_stage(api, "live", {}, true);
  new_route(api, "a");
  const size_t one_route = keys_below("global/apigatewayv2-frozen/");
  EXPECT_EQ(one_route, 2u);  // the API and its route
  new_route(api, "b");
  EXPECT_EQ(keys_below("global/apigatewayv2-frozen/"), 3u);
  ASSERT_TRUE(run(delete_stage(gateway, call, {.api_id = api, .stage_name = "live"})));
  EXPECT_EQ(keys_below("global/apigatewayv2-frozen/"), 0u);
}

TEST_F(ServedStagesTest, TagsAndStageVariablesApplyAtOnce) {
  const std::string api = new_api();
  new_route(api, "ask");
  new_stage(api, "live", new_deployment(api));
  EXPECT_TRUE(served(api, "live")->api->record().tags.empty());
  ASSERT_TRUE(run(tag_resource(
      gateway, call, {.resource_arn = "arn:aws:apigateway:us-east-1::/apis/" + api, .tags = {{{"outcrop:idle-timeout", "5m"}}}})));
  EXPECT_EQ(*served(api, "live")->api->record().tags.find("outcrop:idle-timeout"), "5m");
  ASSERT_TRUE(run(update_stage(gateway, call, {.api_id = api, .stage_name = "live", .stage_variables = {{{"a", "1"}}}})));
  EXPECT_EQ(*served(api, "live")->record.variables.find("a"), "1");
}

TEST_F(ServedStagesTest, WhatIsGoneIsNotServed) {
  const std::string api = new_api();
  new_route(api, "ask");
  new_stage(api, "live", new_deployment(api));
  EXPECT_TRUE(served(api, "live"));
  EXPECT_FALSE(served(api, "other"));
  EXPECT_FALSE(served("none", "live"));
  EXPECT_FALSE(served(api, "li/ve"));
  ASSERT_TRUE(run(delete_api(gateway, call, {.api_id = api})));
  EXPECT_FALSE(served(api, "live"));
  EXPECT_EQ(keys_below("global/"), 0u);
}

TEST_F(ServedStagesTest, AResetForgetsAnAccount) {
  const std::string api = new_api();
  new_route(api, "ask");
  new_stage(api, "live", new_deployment(api));
  EXPECT_TRUE(served(api, "live"));
  ASSERT_TRUE(run(gateway.forget("999999999999")));
  EXPECT_TRUE(served(api, "live"));
  ASSERT_TRUE(run(gateway.forget("111122223333")));
  EXPECT_FALSE(served(api, "live"));
  EXPECT_EQ(keys_below("global/"), 0u);
}

}  // namespace
}  // namespace outcrop::apigatewayv2
