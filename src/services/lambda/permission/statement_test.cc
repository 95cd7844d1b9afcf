// What AddPermission's parameters become in a policy, as AWS writes it.
#include "services/lambda/permission/statement.h"

#include <gtest/gtest.h>

namespace outcrop::lambda {
namespace {

const FunctionName orders{{"111122223333", "us-east-1"}, "orders"};

AddPermissionInput permission(std::string principal) {
  return {.function_name = "orders", .statement_id = "s", .action = "lambda:InvokeFunction", .principal = std::move(principal)};
}

std::string statement_of(const AddPermissionInput& input, const FunctionName& function = orders) {
  return make_statement(function, input).value_or("refused");
}

std::string with_principal(const std::string& principal) {
  return R"({"Sid":"s","Effect":"Allow","Principal":)" + principal +
         R"(,"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:orders"})";
}

TEST(PolicyStatement, NamesItsPrincipalByWhatItIs) {
  EXPECT_EQ(statement_of(permission("events.amazonaws.com")), with_principal(R"({"Service":"events.amazonaws.com"})"));
  EXPECT_EQ(statement_of(permission("alexa-appkit.amazon.com")), with_principal(R"({"Service":"alexa-appkit.amazon.com"})"));
  EXPECT_EQ(statement_of(permission("444455556666")), with_principal(R"({"AWS":"arn:aws:iam::444455556666:root"})"));
  EXPECT_EQ(statement_of(permission("arn:aws:iam::444455556666:role/ci")),
            with_principal(R"({"AWS":"arn:aws:iam::444455556666:role/ci"})"));
  EXPECT_EQ(statement_of(permission("*")), with_principal(R"("*")"));
}

TEST(PolicyStatement, RefusesWhatIsNoPrincipal) {
  for (const char* principal : {"invalid.nonaws.com", "44445555666", "arn:aws:s3:::bucket", "arn:aws:iam::4444:root", ".amazonaws.com",
                                "Events.amazonaws.com", "arn:aws:iam::444455556666:"}) {
    const auto refused = make_statement(orders, permission(principal));
    ASSERT_FALSE(refused) << principal;
    EXPECT_EQ(refused.error().code, "InvalidParameterValueException");
    EXPECT_EQ(refused.error().message, "The provided principal was invalid. Please check the principal and try again.");
  }
}

TEST(PolicyStatement, IsAboutTheQualifiedFunction) {
  EXPECT_TRUE(statement_of(permission("*"), {orders.place, "orders", "live"})
                  .contains(R"("Resource":"arn:aws:lambda:us-east-1:111122223333:function:orders:live")"));
}

TEST(PolicyStatement, HasAConditionForEachThingItIsBoundTo) {
  AddPermissionInput input = permission("*");
  input.action = "lambda:InvokeFunctionUrl";
  input.source_account = "111122223333";
  input.source_arn = "arn:aws:s3:::bucket";
  input.principal_org_id = "o-1234567890";
  input.function_url_auth_type = "NONE";
  EXPECT_TRUE(statement_of(input).ends_with(
      R"("Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333","lambda:FunctionUrlAuthType":"NONE",)"
      R"("aws:PrincipalOrgID":"o-1234567890"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::bucket"}}})"));
  AddPermissionInput alexa = permission("*");
  alexa.event_source_token = "amzn1.ask.skill.1";
  EXPECT_TRUE(statement_of(alexa).ends_with(R"("Condition":{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.1"}}})"));
  AddPermissionInput by_url = permission("*");
  by_url.invoked_via_function_url = true;
  EXPECT_TRUE(statement_of(by_url).ends_with(R"("Condition":{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}})"));
}

TEST(PolicyStatement, KnowsAnAuthorizationTypeOnlyOfFunctionUrls) {
  AddPermissionInput input = permission("*");
  input.function_url_auth_type = "NONE";
  EXPECT_EQ(make_statement(orders, input).error().message, "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action");
}

}  // namespace
}  // namespace outcrop::lambda
