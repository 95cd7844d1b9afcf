// Who may invoke: the owner's identities where that is not enforced, and whom a policy lets.
#include "services/lambda/permission/may_invoke.h"

#include <gmock/gmock.h>

#include "services/lambda/permission/statement.h"
#include "services/lambda/testing/settings_harness.h"

namespace outcrop::lambda {
namespace {

using ::testing::HasSubstr;

struct RightToInvoke : SettingsHarness {
  RightToInvoke() {
    have_function("orders");
    have_version("orders", "1");
    have_alias("orders", "live", "1");
  }

  void let(AddPermissionInput input, std::optional<std::string> qualifier = {}) {
    input.function_name = "orders";
    input.statement_id = "s" + std::to_string(++statements);
    if (input.action.empty()) input.action = "lambda:InvokeFunction";
    const FunctionName name = name_of("orders", std::move(qualifier));
    ASSERT_TRUE(run(policies.add(name, input.statement_id, make_statement(name, input), {})));
  }
  Result<void> invoke(const Call& call, std::optional<std::string> qualifier = {}, const InvokeRequest& request = {}) {
    return run(check_may_invoke(policies, call, name_of("orders", std::move(qualifier)), request));
  }
  Result<void> serve(std::string principal, const InvokeRequest& request) {
    return run(check_service_may_invoke(policies, enforced, std::move(principal), name_of("orders"), request));
  }

  FunctionPolicies policies{world};
  Call owner = call_of("111122223333"), other = call_of("444455556666"), enforced = enforced_call();
  int statements = 0;

 private:
  Call enforced_call() {
    Call call = call_of("111122223333");
    call.enforced = true;
    return call;
  }
};

TEST_F(RightToInvoke, IsTheOwnersRight) {
  EXPECT_TRUE(invoke(owner));
  EXPECT_TRUE(invoke(enforced));
}

TEST_F(RightToInvoke, IsAnotherAccountsOnlyByPolicy) {
  const auto refused = invoke(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "AccessDeniedException");
  EXPECT_EQ(refused.error().status, 403);
  EXPECT_EQ(
      refused.error().message,
      "User: arn:aws:iam::444455556666:root is not authorized to perform: lambda:InvokeFunction on resource: "
      "arn:aws:lambda:us-east-1:111122223333:function:orders because no resource-based policy allows the lambda:InvokeFunction action");
  let({.principal = "444455556666"});
  EXPECT_TRUE(invoke(other));
}

TEST_F(RightToInvoke, IsLetByThePolicyOfExactlyWhatIsNamed) {
  let({.principal = "444455556666"}, "live");
  EXPECT_TRUE(invoke(other, "live"));
  EXPECT_FALSE(invoke(other));
  EXPECT_FALSE(invoke(other, "1"));
}

TEST_F(RightToInvoke, IsLetByTheActionThatIsNamed) {
  let({.action = "lambda:GetFunction", .principal = "444455556666"});
  EXPECT_FALSE(invoke(other));
  let({.action = "lambda:*", .principal = "444455556666"});
  EXPECT_TRUE(invoke(other));
}

TEST_F(RightToInvoke, ByAServiceIsForWhatItActsFor) {
  const InvokeRequest for_rule{.source_arn = "arn:aws:events:us-east-1:111122223333:rule/nightly", .source_account = "111122223333"};
  EXPECT_THAT(refusal_in_full(serve("events.amazonaws.com", for_rule)), HasSubstr("403 AccessDeniedException"));
  let({.principal = "events.amazonaws.com", .source_arn = "arn:aws:events:us-east-1:111122223333:rule/n*"});
  EXPECT_TRUE(serve("events.amazonaws.com", for_rule));
  EXPECT_FALSE(serve("sns.amazonaws.com", for_rule));
  EXPECT_FALSE(serve("events.amazonaws.com", {.source_arn = "arn:aws:events:us-east-1:111122223333:rule/hourly"}));
  EXPECT_FALSE(serve("events.amazonaws.com", {})) << "a condition holds for nothing that is not known";
}

TEST_F(RightToInvoke, ByAServiceIsForTheAccountThatOwnsTheSource) {
  let({.principal = "s3.amazonaws.com", .source_account = "111122223333"});
  EXPECT_TRUE(serve("s3.amazonaws.com", {.source_account = "111122223333"}));
  EXPECT_FALSE(serve("s3.amazonaws.com", {.source_account = "444455556666"}));
}

TEST_F(RightToInvoke, ByAServicesOwnCallIsForTheSourceOfThatCall) {
  Call call = enforced;
  call.identity = service_identity("apigateway.amazonaws.com");
  call.identity.account = "111122223333";
  call.source_arn = "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4/prod/ask";
  EXPECT_FALSE(invoke(call));
  let({.principal = "apigateway.amazonaws.com",
       .source_arn = "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4/*",
       .source_account = "111122223333"});
  EXPECT_TRUE(invoke(call));
  call.source_arn = "arn:aws:execute-api:us-east-1:111122223333:another1/prod/ask";
  EXPECT_FALSE(invoke(call));
}

TEST_F(RightToInvoke, ByAServiceNeedsNoPolicyWhereIdentitiesAreNotEnforced) {
  EXPECT_TRUE(run(check_service_may_invoke(policies, owner, "events.amazonaws.com", name_of("orders"), {})));
}

TEST_F(RightToInvoke, ByAFunctionUrlNeedsBothActionsForItsTypeOfAuthorization) {
  Call anonymous = enforced;
  anonymous.identity = {.kind = Identity::Kind::anonymous, .account = {}};
  const auto ask = [&](std::string_view auth_type) {
    return run(check_may_invoke_by_url(policies, anonymous, name_of("orders"), auth_type));
  };
  let({.action = "lambda:InvokeFunctionUrl", .principal = "*", .function_url_auth_type = "NONE"});
  EXPECT_THAT(refusal_in_full(ask("NONE")), HasSubstr("allows the lambda:InvokeFunction action"));
  let({.principal = "*", .invoked_via_function_url = true});
  EXPECT_TRUE(ask("NONE"));
  EXPECT_THAT(refusal_in_full(ask("AWS_IAM")), HasSubstr("allows the lambda:InvokeFunctionUrl action"));
  EXPECT_FALSE(invoke(anonymous)) << "by Invoke";
}

TEST_F(RightToInvoke, ByASkillIsLetByItsToken) {
  let({.principal = "alexa-appkit.amazon.com", .event_source_token = "amzn1.ask.skill.1"});
  EXPECT_TRUE(serve("alexa-appkit.amazon.com", {.event_source_token = "amzn1.ask.skill.1"}));
  EXPECT_FALSE(serve("alexa-appkit.amazon.com", {.event_source_token = "amzn1.ask.skill.2"}));
}

}  // namespace
}  // namespace outcrop::lambda
