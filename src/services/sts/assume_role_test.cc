#include "gen/sts/assume_role.h"

#include <gtest/gtest.h>

#include "services/sts/testing/sts_server.h"

namespace outcrop::sts {
namespace {

constexpr std::string_view as_reader = "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/team/reader&RoleSessionName=alice";

class AssumeRole : public testing::Test {
 protected:
  TestExchange assume(std::string_view more = "", std::optional<auth::SigningCredentials> credentials = StsServer::alice()) {
    return server.call(std::string(as_reader) + std::string(more), std::move(credentials));
  }
  StsServer server{alices_key()};
};

TEST_F(AssumeRole, GivesCredentialsThatActAsTheRole) {
  TestExchange exchange = assume();
  ASSERT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:sts::111122223333:assumed-role/reader/alice");
  EXPECT_TRUE(element(exchange.answer, "AssumedRoleId").starts_with("AROA"));
  EXPECT_TRUE(element(exchange.answer, "AssumedRoleId").ends_with(":alice"));
  EXPECT_EQ(element(exchange.answer, "Expiration"), iso8601(TestWorld::start + Seconds(3600)));
  EXPECT_EQ(element(exchange.answer, "PackedPolicySize"), "absent");
  auth::SigningCredentials credentials = StsServer::credentials_of(exchange);
  EXPECT_TRUE(credentials.access_key_id.starts_with("ASIA"));
  EXPECT_EQ(server.arn_of(credentials), "arn:aws:sts::111122223333:assumed-role/reader/alice");
}

TEST_F(AssumeRole, CredentialsEndWhenTheManualClockSaysSo) {
  auth::SigningCredentials credentials = StsServer::credentials_of(assume("&DurationSeconds=900"));
  server.test.advance(Seconds(899));
  EXPECT_EQ(server.arn_of(credentials), "arn:aws:sts::111122223333:assumed-role/reader/alice");
  server.test.advance(Seconds(1));
  EXPECT_EQ(refusal(server.call("Action=GetCallerIdentity", credentials)),
            "403 ExpiredToken: The security token included in the request is expired");
}

TEST_F(AssumeRole, CredentialsOutliveTheServer) {
  auth::SigningCredentials credentials = StsServer::credentials_of(assume());
  Sts restarted(server.test.world, {});
  ASSERT_TRUE(server.test.run(restarted.start()));
  EXPECT_TRUE(restarted.sessions()->find(credentials.access_key_id, credentials.session_token));
}

TEST_F(AssumeRole, WordsViolationsAsStsDoes) {
  EXPECT_EQ(refusal(assume("&DurationSeconds=899")),
            "400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must "
            "have value greater than or equal to 900");
  EXPECT_EQ(refusal(server.call("Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:user/alice&RoleSessionName=alice")),
            "400 ValidationError: Request ARN is invalid");
  EXPECT_TRUE(
      refusal(server.call("Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/a&RoleSessionName=a%20b"))
          .contains("'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"));
}

TEST_F(AssumeRole, IsForTheAccountsOwnRoles) {
  EXPECT_EQ(refusal(server.call("Action=AssumeRole&RoleArn=arn:aws:iam::444455556666:role/r&RoleSessionName=alice")),
            "403 AccessDenied: User: arn:aws:iam::111122223333:root is not authorized to perform: sts:AssumeRole on resource: "
            "arn:aws:iam::444455556666:role/r");
  StsServer open;
  EXPECT_EQ(open.call("Action=AssumeRole&RoleArn=arn:aws:iam::444455556666:role/r&RoleSessionName=alice").status(), 200);
}

TEST_F(AssumeRole, ChainsForAnHourAtTheMost) {
  auth::SigningCredentials credentials = StsServer::credentials_of(assume());
  EXPECT_EQ(assume("", credentials).status(), 200);
  EXPECT_EQ(refusal(assume("&DurationSeconds=3601", credentials)),
            "400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
}

TEST_F(AssumeRole, SessionPoliciesBoundWhatTheSessionMayAssume) {
  std::string policy = percent_encode(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]})");
  TestExchange exchange = assume("&Policy=" + policy);
  EXPECT_EQ(element(exchange.answer, "PackedPolicySize"), "3") << exchange.answer;
  EXPECT_EQ(assume("", StsServer::credentials_of(exchange)).status(), 403);
  EXPECT_TRUE(refusal(assume("&Policy=%7B%7D")).starts_with("400 MalformedPolicyDocument: "));
  EXPECT_EQ(assume("&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/AdministratorAccess").status(), 200);
  EXPECT_TRUE(refusal(assume("&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/Unheard")).starts_with("400 MalformedPolicyDocument: "));
}

// Credentials of a role whose session policy allows these actions only: "\"sts:AssumeRole\"".
std::string session_policy(std::string_view actions) {
  return "&Policy=" + percent_encode(fmt::format(
                          R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}})", actions));
}

TEST_F(AssumeRole, TagsAndASourceIdentityArePermissionsOfTheirOwn) {
  constexpr std::string_view refused = "403 AccessDenied: User: arn:aws:sts::111122223333:assumed-role/reader/alice is not authorized to ",
                             on_role = " on resource: arn:aws:iam::111122223333:role/team/reader";
  constexpr std::string_view tag = "&Tags.member.1.Key=Team&Tags.member.1.Value=blue", source = "&SourceIdentity=alice-smith";
  auth::SigningCredentials bare = StsServer::credentials_of(assume(session_policy(R"("sts:AssumeRole")")));
  EXPECT_EQ(assume("", bare).status(), 200);
  EXPECT_EQ(refusal(assume(tag, bare)), fmt::format("{}perform: sts:TagSession{}", refused, on_role));
  EXPECT_EQ(refusal(assume(source, bare)), fmt::format("{}perform: sts:SetSourceIdentity{}", refused, on_role));
  auth::SigningCredentials full =
      StsServer::credentials_of(assume(session_policy(R"("sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity")")));
  EXPECT_EQ(assume(std::string(tag) + std::string(source), full).status(), 200);
}

TEST_F(AssumeRole, SessionPoliciesSeeTheTagsThatAreAskedFor) {
  auth::SigningCredentials credentials =
      StsServer::credentials_of(assume("&Policy=" + percent_encode(R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"},
      {"Effect":"Allow","Action":"sts:TagSession","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/Team":"blue"}}}]})")));
  EXPECT_EQ(assume("&Tags.member.1.Key=Team&Tags.member.1.Value=blue", credentials).status(), 200);
  EXPECT_EQ(assume("&Tags.member.1.Key=Team&Tags.member.1.Value=red", credentials).status(), 403);
}

TEST_F(AssumeRole, TagsMustBeDistinctAndTransitiveOnesAmongThem) {
  constexpr std::string_view tag = "&Tags.member.1.Key=Team&Tags.member.1.Value=blue";
  EXPECT_EQ(refusal(assume(std::string(tag) + "&TransitiveTagKeys.member.1=Other")),
            "400 InvalidParameterValue: The specified transitive tag key must be included in the requested tags.");
  EXPECT_EQ(assume(std::string(tag) + "&TransitiveTagKeys.member.1=team").status(), 200);
  EXPECT_EQ(refusal(assume(std::string(tag) + "&Tags.member.2.Key=team&Tags.member.2.Value=red")),
            "400 InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

TEST_F(AssumeRole, TransitiveTagsAreInheritedAndStay) {
  auth::SigningCredentials first =
      StsServer::credentials_of(assume("&Tags.member.1.Key=Team&Tags.member.1.Value=blue&TransitiveTagKeys.member.1=Team"));
  EXPECT_EQ(
      refusal(assume("&Tags.member.1.Key=team&Tags.member.1.Value=red", first)),
      "400 InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
      "from the calling session.");
  auth::SigningCredentials second = StsServer::credentials_of(assume("&Tags.member.1.Key=more&Tags.member.1.Value=1", first));
  EXPECT_EQ(assume("&Tags.member.1.Key=Team&Tags.member.1.Value=red", second).status(), 400);
}

TEST_F(AssumeRole, PoliciesAndTagsHaveABound) {
  std::string tags, policy;
  SeededRandom random(3);
  for (int i = 1; i <= 30; ++i) tags += fmt::format("&Tags.member.{}.Key=k{}&Tags.member.{}.Value={}", i, i, i, random.alphanumeric(250));
  EXPECT_TRUE(refusal(assume(tags)).starts_with("400 PackedPolicyTooLarge: Packed size of session tags consumes "));
}

TEST_F(AssumeRole, KeepsASourceIdentity) {
  TestExchange exchange = assume("&SourceIdentity=alice-smith");
  EXPECT_EQ(element(exchange.answer, "SourceIdentity"), "alice-smith");
  auth::SigningCredentials credentials = StsServer::credentials_of(exchange);
  EXPECT_EQ(element(assume("", credentials).answer, "SourceIdentity"), "alice-smith");
  EXPECT_EQ(assume("&SourceIdentity=bob", credentials).status(), 403);
}

TEST_F(AssumeRole, RefusesContextsThatNobodyAsserted) {
  EXPECT_EQ(refusal(assume("&ProvidedContexts.member.1.ProviderArn=arn:aws:iam::aws:contextProvider/IdentityCenter&"
                           "ProvidedContexts.member.1.ContextAssertion=signed")),
            "400 ValidationError: ProvidedContexts is not supported: there is no provider of context assertions.");
}

TEST_F(AssumeRole, KnowsNoDevices) {
  EXPECT_EQ(refusal(assume("&SerialNumber=arn:aws:iam::111122223333:mfa/a")),
            "403 AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
  EXPECT_EQ(refusal(assume("&SerialNumber=arn:aws:iam::111122223333:mfa/a&TokenCode=123456")),
            "403 AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.");
}

}  // namespace
}  // namespace outcrop::sts
