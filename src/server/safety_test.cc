#include "server/safety.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace outcrop::server {
namespace {

using testing::HasSubstr;

Config config_with(std::string_view address, AuthMode auth, bool with_key) {
  Config config;
  config.listen = {*parse_listen_address(address)};
  config.auth = auth;
  if (with_key) config.credentials.keys.push_back({"AKIA", "secret-secret", "000000000001"});
  return config;
}

TEST(Refusal, OpenAuthStaysOnLoopback) {
  EXPECT_FALSE(refusal(Config{}));
  EXPECT_FALSE(refusal(config_with("127.0.0.1:1", AuthMode::open, false)));
  EXPECT_THAT(refusal(config_with("0.0.0.0:1", AuthMode::open, true)).value(), HasSubstr("--auth enforce"));
  EXPECT_THAT(refusal(config_with("[::]:1", AuthMode::open, true)).value(), HasSubstr("[::]:1"));
}

TEST(Refusal, OneOpenAddressAmongSeveralIsEnough) {
  Config config = config_with("127.0.0.1:1", AuthMode::open, false);
  config.listen.push_back(*parse_listen_address("192.0.2.1:1"));
  EXPECT_THAT(refusal(config).value(), HasSubstr("192.0.2.1:1"));
}

TEST(Refusal, EnforceNeedsAKey) {
  EXPECT_THAT(refusal(config_with("127.0.0.1:1", AuthMode::enforce, false)).value(), HasSubstr("credentials"));
  EXPECT_FALSE(refusal(config_with("0.0.0.0:1", AuthMode::enforce, true)));
}

}  // namespace
}  // namespace outcrop::server
