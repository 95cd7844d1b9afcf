#include "gen/sts/assume_role_with_web_identity.h"

#include <gtest/gtest.h>

#include "services/sts/testing/sts_server.h"

namespace outcrop::sts {
namespace {

std::string with_token(std::string_view token) {
  return "Action=AssumeRoleWithWebIdentity&RoleArn=arn:aws:iam::111122223333:role/deployer&RoleSessionName=build&WebIdentityToken=" +
         std::string(token);
}

TEST(AssumeRoleWithWebIdentity, TakesATokenForASignature) {
  StsServer server(alices_key());
  TestExchange exchange = server.call(with_token(auth::test::rs256_token), std::nullopt);
  ASSERT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(element(exchange.answer, "SubjectFromWebIdentityToken"), "repo:octo/app");
  EXPECT_EQ(element(exchange.answer, "Audience"), "sts.amazonaws.com");
  EXPECT_EQ(element(exchange.answer, "Provider"), "arn:aws:iam::111122223333:oidc-provider/token.example.com/a");
  EXPECT_EQ(server.arn_of(StsServer::credentials_of(exchange)), "arn:aws:sts::111122223333:assumed-role/deployer/build");
}

TEST(AssumeRoleWithWebIdentity, IsForRolesOfTheIssuersAccounts) {
  StsServer server(alices_key());
  std::string form = with_token(auth::test::rs256_token);
  form.replace(form.find("111122223333"), 12, "444455556666");
  EXPECT_EQ(refusal(server.call(form, std::nullopt)),
            "400 InvalidIdentityToken: No OpenIDConnect provider found in your account for https://token.example.com/a");
}

TEST(AssumeRoleWithWebIdentity, TakesNoAccessTokens) {
  StsServer server(alices_key());
  EXPECT_EQ(refusal(server.call(with_token(auth::test::rs256_token) + "&ProviderId=www.amazon.com", std::nullopt)),
            "400 ValidationError: ProviderId is not supported: only OpenID Connect ID tokens are.");
}

TEST(AssumeRoleWithWebIdentity, RefusesTokensInItsWords) {
  StsServer server(alices_key());
  std::string changed(auth::test::rs256_token);
  changed.back() = changed.back() == 'A' ? 'Q' : 'A';
  EXPECT_TRUE(refusal(server.call(with_token(changed), std::nullopt)).starts_with("400 InvalidIdentityToken: "));
  EXPECT_EQ(refusal(server.call(with_token("no.token"), std::nullopt)),
            "400 InvalidIdentityToken: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  server.test.advance(Seconds(3600));
  EXPECT_TRUE(
      refusal(server.call(with_token(auth::test::rs256_token), std::nullopt)).starts_with("400 ExpiredTokenException: Token expired"));
}

}  // namespace
}  // namespace outcrop::sts
