#include "auth/bearer_keys.h"

#include <gtest/gtest.h>

#include "auth/authenticator.h"
#include "auth/presigned_query.h"
#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

class BearerKey : public testing::Test {
 protected:
  static Authorities authorities() {
    CredentialsConfig config;
    config.keys = {{"AKIAALICE", "alice's secret", "111122223333"}};
    return {.keys = std::move(*ConfiguredAccessKeys::from(config)), .bearer_keys = *BearerKeys::from({{"ABSK-long-term", "444455556666"}})};
  }
  // As the token generator of AWS makes it: presign, drop the scheme, append the version, encode.
  std::string short_term(std::string_view query = "Action=CallWithBearerToken", std::string_view secret = "alice's secret") {
    net::RequestHead head{.method = "POST", .path = "/", .query = std::string(query), .host = "bedrock.amazonaws.com"};
    presign(head, {"AKIAALICE", std::string(secret)}, "eu-west-1", "bedrock", empty_body_hash, {clock.real_wall(), Seconds(43'200)});
    return "bedrock-api-key-" + base64(head.host + head.path + "?" + head.query + "&Version=1");
  }
  std::string verdict(std::string_view bearer, std::string_view service = "bedrock") {
    net::RequestHead head{.method = "POST", .path = "/model/x/invoke", .host = "localhost"};
    head.headers = {{"authorization", "Bearer " + std::string(bearer)}};
    auto caller = authenticator.authenticate(head, [] { return std::string(); }, {.signing_name = service, .dialect = Dialect::rest_json});
    return caller ? caller->identity.account + " " + caller->region : caller.error().code + ": " + caller.error().message;
  }
  test::StandingClock clock{"20261122T191332Z"};
  Authenticator authenticator{clock, Mode::enforce, authorities()};
};

constexpr std::string_view refused = "AccessDeniedException: Authentication failed: Please make sure your API Key is valid.";

TEST_F(BearerKey, LongTermIsTheConfiguredOne) {
  EXPECT_EQ(verdict("ABSK-long-term"), "444455556666 us-east-1");
  EXPECT_EQ(verdict("ABSK-other"), refused);
}

TEST_F(BearerKey, ShortTermIsAPresignedCall) {
  std::string token = short_term();
  EXPECT_EQ(verdict(token), "111122223333 eu-west-1");
  clock.set("20261123T071333Z");
  EXPECT_EQ(verdict(token), "AccessDeniedException: Bearer Token has expired");
}

TEST_F(BearerKey, ShortTermMustBeSignedForThatAction) {
  EXPECT_EQ(verdict(short_term("Action=CallWithBearerToken", "guessed")), refused);
  EXPECT_EQ(verdict(short_term("Action=GetCallerIdentity")), refused);
  EXPECT_EQ(verdict("bedrock-api-key-!"), refused);
  EXPECT_EQ(verdict("bedrock-api-key-" + base64("x")), refused);
}

TEST_F(BearerKey, IsForBedrockAlone) { EXPECT_TRUE(verdict("ABSK-long-term", "lambda").starts_with("IncompleteSignatureException: ")); }

TEST(BearerKeys, OfTheConfigurationAreChecked) {
  auto problem = [](std::vector<BearerKeyConfig> config) {
    auto keys = BearerKeys::from(config);
    return keys ? "" : keys.error().message;
  };
  EXPECT_EQ(problem({{"", "111122223333"}}), "bedrock_api_keys: key 1 is empty");
  EXPECT_EQ(problem({{"k", "1"}}), "bedrock_api_keys: key 1 needs an account of 12 digits");
  EXPECT_EQ(problem({{"k", "111122223333"}, {"k", "111122223333"}}), "bedrock_api_keys: key 2 is there twice");
}

}  // namespace
}  // namespace outcrop::auth
