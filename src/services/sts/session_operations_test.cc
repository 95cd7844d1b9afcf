// GetSessionToken, GetFederationToken and what tells about keys and refusals.
#include <gtest/gtest.h>

#include "services/sts/testing/sts_server.h"

namespace outcrop::sts {
namespace {

TEST(GetSessionToken, ActsAsItsCallerForAnHourAtTheMost) {
  StsServer server(alices_key());
  TestExchange exchange = server.call("Action=GetSessionToken&DurationSeconds=129600");
  auth::SigningCredentials credentials = StsServer::credentials_of(exchange);
  EXPECT_EQ(server.arn_of(credentials), "arn:aws:iam::111122223333:root");
  EXPECT_EQ(element(exchange.answer, "Expiration"), iso8601(TestWorld::start + Seconds(3600)));
  EXPECT_EQ(refusal(server.call("Action=GetSessionToken", credentials)),
            "403 AccessDenied: Cannot call GetSessionToken with session credentials");
}

TEST(GetFederationToken, NamesItsUser) {
  StsServer server(alices_key());
  TestExchange exchange = server.call("Action=GetFederationToken&Name=carol&DurationSeconds=900");
  EXPECT_EQ(element(exchange.answer, "FederatedUserId"), "111122223333:carol");
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:sts::111122223333:federated-user/carol");
  EXPECT_EQ(element(exchange.answer, "PackedPolicySize"), "0");
  auth::SigningCredentials carol = StsServer::credentials_of(exchange);
  EXPECT_EQ(server.arn_of(carol), "arn:aws:sts::111122223333:federated-user/carol");
  EXPECT_EQ(server.call("Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/r&RoleSessionName=carol", carol).status(), 403);
  EXPECT_EQ(refusal(server.call("Action=GetFederationToken&Name=dave", carol)),
            "403 AccessDenied: Cannot call GetFederationToken with session credentials");
}

TEST(GetAccessKeyInfo, KnowsConfiguredKeysAndSessions) {
  StsServer server(alices_key());
  auto account_of = [&](const std::string& id) {
    TestExchange exchange = server.call("Action=GetAccessKeyInfo&AccessKeyId=" + id);
    return exchange.status() == 200 ? element(exchange.answer, "Account") : element(exchange.answer, "Code");
  };
  EXPECT_EQ(account_of("AKIAALICEALICEALICE1"), "111122223333");
  EXPECT_EQ(account_of(server.assume().access_key_id), "111122223333");
  EXPECT_EQ(account_of("AKIAIOSFODNN7EXAMPLE"), "ValidationError");
  EXPECT_EQ(account_of("short"), "ValidationError");
}

TEST(DecodeAuthorizationMessage, IsForThoseWhoMay) {
  StsServer server(alices_key());
  const std::string form =
      "Action=DecodeAuthorizationMessage&EncodedMessage=" + server.sts.sessions()->encode_message("{}", server.test.random);
  auto status = [&](const auth::SigningCredentials& credentials) { return server.call(form, credentials).status(); };
  auto bounded = [&](std::string_view action) {
    return server.assume(
        "reader", "&Policy=" + percent_encode(fmt::format(
                                   R"({{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"{}","Resource":"*"}}}})", action)));
  };
  EXPECT_EQ(status(server.assume()), 200);
  EXPECT_EQ(status(bounded("sts:DecodeAuthorizationMessage")), 200);
  EXPECT_EQ(refusal(server.call(form, bounded("sqs:*"))),
            "403 AccessDenied: User: arn:aws:sts::111122223333:assumed-role/reader/alice is not authorized to perform: "
            "sts:DecodeAuthorizationMessage");
  EXPECT_EQ(status(StsServer::credentials_of(server.call("Action=GetFederationToken&Name=carol"))), 403);
}

TEST(DecodeAuthorizationMessage, OpensWhatThisServerSealed) {
  StsServer server(alices_key());
  std::string encoded = server.sts.sessions()->encode_message("{\"allowed\":false}", server.test.random);
  EXPECT_EQ(element(server.call("Action=DecodeAuthorizationMessage&EncodedMessage=" + encoded).answer, "DecodedMessage"),
            "{&quot;allowed&quot;:false}");
  EXPECT_TRUE(refusal(server.call("Action=DecodeAuthorizationMessage&EncodedMessage=abc"))
                  .starts_with("400 InvalidAuthorizationMessageException: "));
}

}  // namespace
}  // namespace outcrop::sts
