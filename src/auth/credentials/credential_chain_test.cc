// Where credentials are looked for, and in which order.
#include "auth/credentials/credential_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "net/loop_rig_test.h"

namespace outcrop::auth {
namespace {

using ::testing::HasSubstr;

class CredentialChainTest : public ::testing::Test {
 protected:
  CredentialChainTest() {
    std::string pattern = ::testing::TempDir() + "credentials-XXXXXX";
    home_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(home_ + "/.aws");
    environment_ = {{"HOME", home_}, {"AWS_EC2_METADATA_DISABLED", "true"}};
  }
  ~CredentialChainTest() override { std::filesystem::remove_all(home_); }

  Result<IssuedCredentials> load(std::string profile = {}) {
    CredentialWorld world{rig_.clients, rig_.pool, net::test_clock, [this](const char* name) -> std::optional<std::string> {
                            const auto found = environment_.find(name);
                            return found == environment_.end() ? std::nullopt : std::optional(found->second);
                          }};
    CredentialChain chain(std::move(world), {std::move(profile), "eu-west-1"});
    return rig_.run([&]() -> Task<Result<IssuedCredentials>> { return chain.load(); });
  }
  // The id of the key that was found, or what was said instead.
  std::string found(std::string profile = {}) {
    auto credentials = load(std::move(profile));
    return credentials ? credentials->keys.access_key_id : credentials.error().message;
  }
  void write(const std::string& name, std::string_view text) { std::ofstream(home_ + "/" + name) << text; }
  std::string url_of(const net::TestServer& server) { return fmt::format("http://{}", net::url_of(server.endpoint).authority()); }

  std::string home_;
  std::map<std::string, std::string> environment_;

 private:
  net::LoopRig rig_;
};

TEST_F(CredentialChainTest, TheEnvironmentComesFirst) {
  environment_.insert({{"AWS_ACCESS_KEY_ID", "AKIAENV"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "t"}});
  write(".aws/credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n");
  auto credentials = load();
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->keys.access_key_id, "AKIAENV");
  EXPECT_EQ(credentials->keys.session_token, "t");
  EXPECT_EQ(credentials->expires, std::nullopt);
}

TEST_F(CredentialChainTest, AProfileIsOfBothFiles) {
  write(".aws/credentials",
        "[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key=s # a comment\n[team]\naws_access_key_id = AKIATEAM\n");
  write(".aws/config",
        "[profile team]\naws_secret_access_key = s\naws_access_key_id = AKIAOTHER\n\n[profile \"two words\"]\n"
        "aws_access_key_id = AKIATWO\naws_secret_access_key = s\ns3 =\n  aws_access_key_id = nested\n");
  EXPECT_EQ(found(), "AKIADEFAULT");
  EXPECT_EQ(found("team"), "AKIATEAM");
  EXPECT_EQ(found("two words"), "AKIATWO");
  EXPECT_EQ(found("nobody"), "there is no profile nobody");
  environment_["AWS_PROFILE"] = "team";
  EXPECT_EQ(found(), "AKIATEAM");
}

TEST_F(CredentialChainTest, WhatAProfileNeedsAndWeDoNotDoIsNamed) {
  write(".aws/config",
        "[default]\ncredential_process = /bin/x\n[profile sso]\nsso_session = s\n[profile role]\nrole_arn = r\nsource_profile = default\n");
  EXPECT_THAT(found(), HasSubstr("the profile default needs credential_process"));
  EXPECT_THAT(found("sso"), HasSubstr("needs sso_session"));
  EXPECT_THAT(found("role"), HasSubstr("needs source_profile"));
}

TEST_F(CredentialChainTest, AContainersEndpointIsAskedWithItsToken) {
  std::string token;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    token = exchange.head().headers.get("authorization");
    (void)co_await exchange.respond(
        {200}, R"({"AccessKeyId":"ASIACONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-02T03:04:05Z"})");
  });
  write("token", "secret-token\n");
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url_of(server) + "/v1/credentials";
  environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = home_ + "/token";
  auto credentials = load();
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->keys.access_key_id, "ASIACONTAINER");
  EXPECT_EQ(iso8601(*credentials->expires), "2030-01-02T03:04:05Z");
  EXPECT_EQ(token, "secret-token");
}

TEST_F(CredentialChainTest, ATokenIsNotSentToAnybodyInPlainText) {
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://credentials.example.com/";
  EXPECT_THAT(found(), HasSubstr("neither https nor an address of this machine"));
}

TEST_F(CredentialChainTest, AnInstanceIsAskedForItsRoleWithASessionOfItsMetadata) {
  std::vector<std::string> asked;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    const net::RequestHead& head = exchange.head();
    asked.push_back(head.method + " " + head.path + " " + std::string(head.headers.get("x-aws-ec2-metadata-token")));
    std::string body = "session";
    if (head.method == "GET")
      body = head.path.ends_with('/') ? "my-role\n" : R"({"Code":"Success","AccessKeyId":"ASIAROLE","SecretAccessKey":"s","Token":"t"})";
    (void)co_await exchange.respond({200}, std::move(body));
  });
  environment_.erase("AWS_EC2_METADATA_DISABLED");
  environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = url_of(server);
  EXPECT_EQ(found(), "ASIAROLE");
  EXPECT_EQ(asked, (std::vector<std::string>{"PUT /latest/api/token ", "GET /latest/meta-data/iam/security-credentials/ session",
                                             "GET /latest/meta-data/iam/security-credentials/my-role session"}));
}

TEST_F(CredentialChainTest, AWebIdentityAssumesItsRole) {
  std::string body;
  net::TestServer server([&](net::Exchange& exchange) -> Task<void> {
    body = *co_await exchange.read_body(10'000);
    (void)co_await exchange.respond({200},
                                    R"(<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">)"
                                    R"(<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAWEB</AccessKeyId>)"
                                    R"(<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>)"
                                    R"(<Expiration>2030-01-02T03:04:05Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>)"
                                    R"(</AssumeRoleWithWebIdentityResponse>)");
  });
  write("jwt", "a.b.c");
  environment_.insert({{"AWS_WEB_IDENTITY_TOKEN_FILE", home_ + "/jwt"},
                       {"AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"},
                       {"AWS_ENDPOINT_URL_STS", url_of(server)}});
  EXPECT_EQ(found(), "ASIAWEB");
  EXPECT_EQ(body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr"
            "&RoleSessionName=outcrop&WebIdentityToken=a.b.c");
}

TEST_F(CredentialChainTest, WhereThereAreNoneItSaysWhereItLooked) { EXPECT_THAT(found(), HasSubstr("none in the environment")); }

TEST_F(CredentialChainTest, AnEndpointThatRefusesIsAFault) {
  net::TestServer server([](net::Exchange& exchange) -> Task<void> { (void)co_await exchange.respond({403}, "no"); });
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url_of(server);
  EXPECT_THAT(found(), HasSubstr("answered 403"));
}

}  // namespace
}  // namespace outcrop::auth
