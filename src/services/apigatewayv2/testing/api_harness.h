// The control plane over a store in memory, called as the directory calls it.
#pragma once
#include <gtest/gtest.h>

#include "core/testing/test_world.h"
#include "gen/apigatewayv2/create_api.h"
#include "gen/apigatewayv2/create_deployment.h"
#include "gen/apigatewayv2/create_route.h"
#include "gen/apigatewayv2/create_stage.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "store/open_store.h"

namespace outcrop::apigatewayv2 {

struct ApiHarness : ::testing::Test {
  template <class T>
  T run(Task<T> task) {
    return test.run(std::move(task));
  }

  Call call_of(std::string account) {
    return {.world = world, .identity = {.account = std::move(account)}, .region = "us-east-1", .endpoint = "http://127.0.0.1:4566"};
  }

  // Each gives an id.
  std::string new_api() {
    return *run(create_api(gateway, call,
                           {.name = "chat", .protocol_type = "WEBSOCKET", .route_selection_expression = "$request.body.action"}))
                ->api_id;
  }
  std::string new_route(const std::string& api, std::string key) {
    return *run(create_route(gateway, call, {.api_id = api, .route_key = std::move(key)}))->route_id;
  }
  std::string new_deployment(const std::string& api, std::optional<std::string> stage = {}) {
    return *run(create_deployment(gateway, call, {.api_id = api, .stage_name = std::move(stage)}))->deployment_id;
  }
  void new_stage(const std::string& api, std::string name, std::optional<std::string> deployment = {}, bool auto_deploy = false) {
    EXPECT_TRUE(run(
        create_stage(gateway, call,
                     {.api_id = api, .auto_deploy = auto_deploy, .deployment_id = std::move(deployment), .stage_name = std::move(name)})));
  }

  std::shared_ptr<const gateway::ServedStage> served(const std::string& api, std::string_view stage) {
    return run(gateway.api_source().find(api, stage)).value();
  }
  size_t keys_below(std::string_view prefix) { return run(store->scan(store::Range::prefix(prefix)))->size(); }

  TestWorld test;
  std::unique_ptr<store::Store> store =
      *store::open_store({.clock = test.clock, .random = test.random, .pool = test.pool, .activity = &test.activity});
  World world{test.clock, test.random, *store, test.blobs, test.pool, test.activity, test.clock, {&test.executor}, test.processes};
  QuotaBook quotas;
  Apigatewayv2 gateway{world, quotas};
  Call call = call_of("111122223333");
};

// "404 NotFoundException".
template <class T>
std::string refusal_of(const Result<T>& result) {
  if (result) return "no refusal";
  return std::to_string(result.error().status) + " " + result.error().code;
}

}  // namespace outcrop::apigatewayv2
