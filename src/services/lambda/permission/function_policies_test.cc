// Policies of functions, versions and aliases: how they grow and shrink, and what holds against changes that cross.
#include "services/lambda/permission/function_policies.h"

#include <gmock/gmock.h>

#include "services/lambda/testing/settings_harness.h"

namespace outcrop::lambda {
namespace {

using ::testing::StartsWith;

std::string statement_with(const std::string& sid) { return R"({"Sid":")" + sid + R"("})"; }

struct PolicyOfAFunction : SettingsHarness {
  PolicyOfAFunction() {
    have_function("orders");
    have_version("orders", "1");
    have_alias("orders", "live", "1");
  }
  Result<void> add(const FunctionName& name, const std::string& sid, std::optional<std::string> revision = {}) {
    return run(policies.add(name, sid, statement_with(sid), revision));
  }
  Result<void> remove(const FunctionName& name, const std::string& sid, std::optional<std::string> revision = {}) {
    return run(policies.remove(name, sid, revision));
  }
  PolicyRecord policy_of(const FunctionName& name) { return run(policies.find(name)).value().value_or(PolicyRecord()); }

  FunctionPolicies policies{test.world};
  const FunctionName orders = name_of("orders"), live = name_of("orders", "live"), first = name_of("orders", "1");
};

TEST_F(PolicyOfAFunction, HasItsStatementsInOrder) {
  ASSERT_TRUE(add(orders, "a"));
  ASSERT_TRUE(add(orders, "b"));
  EXPECT_EQ(document_of(policy_of(orders)), R"({"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"a"},{"Sid":"b"}]})");
}

TEST_F(PolicyOfAFunction, IsAnotherThanThoseOfItsVersionsAndAliases) {
  ASSERT_TRUE(add(orders, "s"));
  ASSERT_TRUE(add(first, "s"));
  ASSERT_TRUE(add(live, "s"));
  ASSERT_TRUE(remove(first, "s"));
  EXPECT_FALSE(run(policies.find(first)).value());
  EXPECT_TRUE(run(policies.find(orders)).value());
  EXPECT_TRUE(run(policies.find(live)).value());
}

TEST_F(PolicyOfAFunction, GoesWithItsLastStatement) {
  ASSERT_TRUE(add(orders, "s"));
  ASSERT_TRUE(remove(orders, "s"));
  EXPECT_FALSE(run(policies.find(orders)).value());
  EXPECT_EQ(refusal_in_full(remove(orders, "s")), "404 ResourceNotFoundException: No policy is associated with the given resource.");
}

TEST_F(PolicyOfAFunction, TakesEachSidOnce) {
  ASSERT_TRUE(add(orders, "s"));
  EXPECT_EQ(refusal_in_full(add(orders, "s")),
            "409 ResourceConflictException: The statement id (s) provided already exists. Please provide a new statement id, or remove the "
            "existing statement.");
  EXPECT_EQ(refusal_in_full(remove(orders, "t")), "404 ResourceNotFoundException: Statement t is not found in resource policy.");
}

TEST_F(PolicyOfAFunction, ChangesOnlyAtTheRevisionThatWasRead) {
  constexpr std::string_view differs =
      "412 PreconditionFailedException: The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve "
      "the latest Revision Id";
  EXPECT_EQ(refusal_in_full(add(live, "a", "wrong")), differs);
  ASSERT_TRUE(add(live, "a", "revision-of-live")) << "there is no policy yet: the alias's own";
  EXPECT_EQ(refusal_in_full(add(live, "b", "revision-of-live")), differs);
  ASSERT_TRUE(add(live, "b", policy_of(live).revision_id));
  EXPECT_EQ(refusal_in_full(remove(live, "b", "revision-of-live")), differs);
  EXPECT_TRUE(remove(live, "b", policy_of(live).revision_id));
}

TEST_F(PolicyOfAFunction, GivesTheFunctionItsRevision) {
  ASSERT_TRUE(add(orders, "s"));
  EXPECT_EQ(revision_of_latest("orders"), policy_of(orders).revision_id);
  EXPECT_NE(revision_of_latest("orders"), "revision-of-$LATEST");
}

TEST_F(PolicyOfAFunction, IsOfWhatIsThere) {
  const std::string arn = "arn:aws:lambda:us-east-1:111122223333:function:";
  EXPECT_EQ(refusal_in_full(add(name_of("none"), "s")), "404 ResourceNotFoundException: Function not found: " + arn + "none");
  EXPECT_EQ(refusal_in_full(add(name_of("orders", "42"), "s")), "404 ResourceNotFoundException: Function not found: " + arn + "orders:42");
  EXPECT_EQ(refusal_in_full(add(name_of("orders", "blue"), "s")),
            "404 ResourceNotFoundException: Cannot find alias arn: " + arn + "orders:blue");
  EXPECT_EQ(refusal_in_full(add(name_of("orders", "a-$-b"), "s")),
            "404 ResourceNotFoundException: Function not found: " + arn + "orders:a-$-b");
  EXPECT_EQ(refusal_in_full(remove(name_of("none"), "s")), "404 ResourceNotFoundException: No policy found for: " + arn + "none");
  EXPECT_EQ(refusal_in_full(remove(name_of("orders", "blue"), "s")),
            "404 ResourceNotFoundException: Cannot find alias arn: " + arn + "orders:blue");
}

TEST_F(PolicyOfAFunction, IsOfAtMostTwentyKilobytes) {
  for (int i = 0; i < 20; ++i) {
    const std::string sid = std::to_string(i) + "-" + std::string(1'040, 'x');
    const auto added = add(orders, sid);
    if (added) continue;
    EXPECT_EQ(i, 19);
    EXPECT_THAT(refusal_in_full(added), StartsWith("400 PolicyLengthExceededException: The final policy size ("));
    EXPECT_EQ(policy_of(orders).statements.size(), 19);
    return;
  }
  FAIL() << "nothing was refused";
}

}  // namespace
}  // namespace outcrop::lambda
