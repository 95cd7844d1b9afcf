#include "auth/web_identity.h"

#include <gtest/gtest.h>

#include "auth/testing/tokens.h"
#include "base/encoding.h"

namespace outcrop::auth {
namespace {

const Instant good_time = instant_from_ms(1'800'000'000'000);

WebIdentities trusting(std::vector<std::string> audiences = {"sts.amazonaws.com"}) {
  std::vector<WebIdentityIssuer> issuers;
  issuers.push_back({std::string(test::token_issuer), std::move(audiences), *JsonWebKeys::parse(test::issuer_keys)});
  return WebIdentities(std::move(issuers));
}

std::string verdict(const WebIdentities& identities, std::string_view token, Instant now = good_time, bool trusts_anyone = false) {
  auto identity = identities.identify(token, now, trusts_anyone);
  return identity ? identity->subject + " for " + identity->audience + " by " + identity->issuer
                  : identity.error().code + ": " + identity.error().message;
}

TEST(WebIdentities, BelieveWhatAConfiguredIssuerSigned) {
  for (std::string_view token : {test::rs256_token, test::es256_token})
    EXPECT_EQ(verdict(trusting(), token), "repo:octo/app for sts.amazonaws.com by token.example.com/a");
}

TEST(WebIdentities, BelieveNothingThatWasChanged) {
  for (std::string_view token : {test::rs256_token, test::es256_token}) {
    size_t dot = token.rfind('.');
    std::string changed(token), unsigned_token(token.substr(0, dot + 1));
    changed[dot + 5] = changed[dot + 5] == 'A' ? 'B' : 'A';
    for (const std::string& wrong : {changed, unsigned_token})
      EXPECT_EQ(verdict(trusting(), wrong), "InvalidIdentityTokenException: Provided Token's signature could not be verified.");
  }
  std::string none = base64url(R"({"alg":"none"})") + std::string(test::rs256_token.substr(test::rs256_token.find('.')));
  EXPECT_EQ(verdict(trusting(), none), "InvalidIdentityTokenException: Provided Token's signature could not be verified.");
}

TEST(WebIdentities, CheckAudienceAndTimes) {
  EXPECT_EQ(verdict(trusting({"elsewhere"}), test::rs256_token), "InvalidIdentityTokenException: Incorrect token audience");
  EXPECT_EQ(verdict(trusting(), test::rs256_token, good_time + Seconds(600)),
            "ExpiredTokenException: Token expired: current date/time 1800000600 must be before the expiration date/time 1800000600");
  EXPECT_TRUE(verdict(trusting(), test::rs256_token, good_time - Seconds(1001)).contains("not valid yet"));
}

TEST(WebIdentities, KnowOnlyConfiguredIssuersUnlessAnyoneIsTrusted) {
  WebIdentities nobody;
  EXPECT_EQ(verdict(nobody, test::rs256_token),
            "InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://token.example.com/a");
  EXPECT_EQ(verdict(nobody, test::rs256_token, good_time, true), "repo:octo/app for other by token.example.com/a");
  EXPECT_TRUE(verdict(nobody, test::rs256_token, good_time + Seconds(600), true).starts_with("ExpiredTokenException: "));
}

TEST(WebIdentities, RefuseWhatIsNoToken) {
  for (std::string_view text : {"", "a.b", "a.b.c", "a.b.c.d", "e30.e30.x!"})
    EXPECT_TRUE(verdict(trusting(), text).contains("not a valid JWT")) << text;
  EXPECT_EQ(verdict(trusting(), "e30.e30."), "InvalidIdentityTokenException: Missing a required claim: iss");
}

TEST(JsonWebKeys, NeedAUsableKey) {
  for (std::string_view text :
       {"", "[]", "{}", R"({"keys":[]})", R"({"keys":[{"kty":"oct","k":"AA"}]})", R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})",
        R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})"})
    EXPECT_FALSE(JsonWebKeys::parse(text)) << text;
}

}  // namespace
}  // namespace outcrop::auth
