#include "auth/web_identity.h"

#include <gtest/gtest.h>

#include "auth/testing/tokens.h"
#include "base/encoding.h"

namespace outcrop::auth {
namespace {

const Instant good_time = instant_from_ms(1'800'000'000'000);

WebIdentityIssuer test_issuer() {
  return {.issuer = std::string(test::token_issuer),
          .audiences = {"sts.amazonaws.com"},
          .subjects = {"repo:octo/*"},
          .accounts = {},
          .keys = *JsonWebKeys::parse(test::issuer_keys)};
}

WebIdentities trusting(WebIdentityIssuer issuer = test_issuer()) { return WebIdentities({std::move(issuer)}); }

std::string verdict(const WebIdentities& identities, std::string_view token, Instant now = good_time, bool trusts_anyone = false) {
  auto identity = identities.identify(token, {.role_account = "111122223333", .now = now, .trusts_anyone = trusts_anyone});
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
}

// The RS256 token under another header.
std::string under(std::string_view header) {
  return base64url(header) + std::string(test::rs256_token.substr(test::rs256_token.find('.')));
}

TEST(WebIdentities, GoByTheKeysAlgorithmAndNotTheTokens) {
  constexpr std::string_view no_key = "InvalidIdentityTokenException: Couldn't retrieve verification key from your identity provider,";
  for (std::string_view header : {R"({"alg":"none"})", R"({"alg":"HS256","kid":"rsa"})", R"({"alg":"ES256","kid":"rsa"})",
                                  R"({"alg":"RS256","kid":"unheard"})", R"({"alg":"rs256"})", "{}"})
    EXPECT_TRUE(verdict(trusting(), under(header)).starts_with(no_key)) << header;
  EXPECT_TRUE(verdict(trusting(), under(R"({"alg":"ES256"})")).contains("signature could not be verified"));
}

TEST(WebIdentities, RefuseExtensionsTheyDoNotUnderstand) {
  EXPECT_TRUE(verdict(trusting(), under(R"({"alg":"RS256","kid":"rsa","crit":["b64"]})")).contains("not a valid JWT"));
}

TEST(WebIdentities, AreThoseOfTheIssuersSubjects) {
  WebIdentityIssuer issuer = test_issuer();
  issuer.subjects = {"repo:other/*", "repo:octo/app?"};
  EXPECT_EQ(verdict(trusting(issuer), test::rs256_token), "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity");
  issuer.subjects.push_back("repo:octo/app");
  EXPECT_TRUE(verdict(trusting(issuer), test::rs256_token).starts_with("repo:octo/app for "));
}

TEST(WebIdentities, AreForRolesOfTheIssuersAccounts) {
  WebIdentityIssuer issuer = test_issuer();
  issuer.accounts = {"444455556666"};
  EXPECT_EQ(verdict(trusting(issuer), test::rs256_token),
            "InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://token.example.com/a");
  issuer.accounts.push_back("111122223333");
  EXPECT_TRUE(verdict(trusting(issuer), test::rs256_token).starts_with("repo:octo/app for "));
}

TEST(WebIdentities, CheckAudienceAndTimes) {
  WebIdentityIssuer elsewhere = test_issuer();
  elsewhere.audiences = {"elsewhere"};
  EXPECT_EQ(verdict(trusting(elsewhere), test::rs256_token), "InvalidIdentityTokenException: Incorrect token audience");
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
