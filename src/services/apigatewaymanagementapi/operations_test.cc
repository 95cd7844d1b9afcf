// The operations on a connection that is made up: who may do what, and what is told.
#include <gtest/gtest.h>

#include "core/call.h"
#include "core/testing/test_world.h"
#include "gen/apigatewaymanagementapi/delete_connection.h"
#include "gen/apigatewaymanagementapi/get_connection.h"
#include "gen/apigatewaymanagementapi/manifest.h"
#include "gen/apigatewaymanagementapi/post_to_connection.h"
#include "services/apigatewaymanagementapi/apigatewaymanagementapi.h"
#include "wire/validate.h"

namespace outcrop::apigatewaymanagementapi {
namespace {

// One, with the id "here="; says what was done to it.
class OneConnection final : public gateway::Connections {
 public:
  std::string done;

  Task<Result<Info>> get(std::string_view id) override {
    if (id != "here=") co_return fail("GoneException", 410, "");
    co_return Info{{"here=",
                    {.api_id = "api1",
                     .stage = "live",
                     .account = "111122223333",
                     .region = "eu-central-1",
                     .connected_at = TestWorld::start,
                     .source_ip = "10.0.0.7",
                     .user_agent = "browser"}},
                   TestWorld::start + Seconds(3)};
  }
  Task<Result<void>> post(std::string_view id, std::string data) override {
    co_await get(id);
    done = "posted " + data;
    co_return {};
  }
  Task<Result<void>> end(std::string_view id) override {
    co_await get(id);
    done = "ended";
    co_return {};
  }
};

class ManagementApi : public testing::Test {
 protected:
  Call call_of(std::string account, bool enforced) {
    return {.world = test.world,
            .identity = {.account = account, .arn = "arn:aws:iam::" + account + ":root", .user_id = account},
            .region = "eu-central-1",
            .enforced = enforced};
  }
  std::string outcome_of_post(Call call, std::string id = "here=") {
    auto posted = test.run(post_to_connection(service, call, {.data = "hello", .connection_id = std::move(id)}));
    return posted ? connections.done : posted.error().code;
  }

  TestWorld test;
  OneConnection connections;
  Apigatewaymanagementapi service{connections};
};

TEST_F(ManagementApi, TheAccountOfTheApiMay) {
  Call call = call_of("111122223333", true);
  EXPECT_EQ(outcome_of_post(call_of("111122223333", true)), "posted hello");
  EXPECT_TRUE(test.run(delete_connection(service, call, {.connection_id = "here="})));
  EXPECT_EQ(connections.done, "ended");
}

TEST_F(ManagementApi, AnotherAccountMayNotWhereIdentitiesAreEnforced) {
  Call call = call_of("444455556666", true);
  EXPECT_EQ(outcome_of_post(call), "ForbiddenException");
  EXPECT_EQ(test.run(get_connection(service, call, {.connection_id = "here="})).error().status, 403);
  EXPECT_EQ(test.run(delete_connection(service, call, {.connection_id = "here="})).error().code, "ForbiddenException");
  EXPECT_EQ(connections.done, "");
  EXPECT_EQ(outcome_of_post(call_of("444455556666", false)), "posted hello");
}

TEST_F(ManagementApi, WhatIsNotThereIsGone) { EXPECT_EQ(outcome_of_post(call_of("111122223333", true), "gone="), "GoneException"); }

TEST_F(ManagementApi, TellsOfTheClient) {
  Call call = call_of("111122223333", false);
  const auto told = test.run(get_connection(service, call, {.connection_id = "here="}));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->connected_at, TestWorld::start);
  EXPECT_EQ(told->last_active_at, TestWorld::start + Seconds(3));
  EXPECT_EQ(told->identity->source_ip, "10.0.0.7");
  EXPECT_EQ(told->identity->user_agent, "browser");
}

TEST_F(ManagementApi, AMessageThatIsTooLongIsToldByAnErrorOfItsOwn) {
  PostToConnectionInput input{.data = std::string(128 * 1024 + 1, 'x'), .connection_id = "here="};
  const Result<void> valid = wire::validate(model, *model.find_operation("PostToConnection"), &input, {});
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().code, "PayloadTooLargeException");
  EXPECT_EQ(valid.error().status, 413);
}

}  // namespace
}  // namespace outcrop::apigatewaymanagementapi
