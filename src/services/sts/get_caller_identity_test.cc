#include "gen/sts/get_caller_identity.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/encoding.h"
#include "core/api_front.h"
#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"
#include "gen/sts/manifest.h"
#include "services/sts/sts.h"

namespace outcrop::sts {
namespace {

// STS behind the API front, in the mode of its authenticator.
struct StsServer {
  explicit StsServer(std::unique_ptr<auth::AccessKeys> keys = nullptr) {
    if (keys)
      authenticator.emplace(test.clock, std::move(keys));
    else
      authenticator.emplace(test.clock);
    directory.add(model, sts);
    api.emplace(test.world, directory, *authenticator, ApiFrontOptions{});
  }
  TestExchange serve(net::RequestHead head) {
    TestExchange exchange(std::move(head), body);
    test.run(api->serve(exchange));
    return exchange;
  }
  net::RequestHead head() const {
    return {.method = "POST",
            .path = "/",
            .host = "localhost:4566",
            .headers = {{"host", "localhost:4566"}, {"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}};
  }
  net::RequestHead signed_head(auth::SigningCredentials credentials) {
    net::RequestHead request = head();
    auth::sign(request, credentials, "us-east-1", "sts", hex(sha256(body)), test.clock.real_wall());
    return request;
  }

  const std::string body = "Action=GetCallerIdentity&Version=2011-06-15";
  TestWorld test;
  Metrics metrics{2};
  FaultInjection faults{test.random};
  Admission admission{faults, {}};
  Directory directory{admission, metrics};
  Sts sts;
  std::optional<auth::Authenticator> authenticator;
  std::optional<ApiFront> api;
};

std::unique_ptr<auth::AccessKeys> one_key() {
  auth::CredentialsConfig config;
  config.keys = {{"AKIAALICE", "alice's secret", "111122223333"}};
  return std::move(*auth::ConfiguredAccessKeys::from(config));
}

std::string element(const std::string& xml, std::string_view name) {
  std::string open = "<" + std::string(name) + ">", close = "</" + std::string(name) + ">";
  size_t begin = xml.find(open);
  if (begin == std::string::npos) return "absent";
  begin += open.size();
  return xml.substr(begin, xml.find(close, begin) - begin);
}

TEST(GetCallerIdentity, NamesTheRootOfTheKeysAccount) {
  StsServer server(one_key());
  TestExchange exchange = server.serve(server.signed_head({"AKIAALICE", "alice's secret"}));
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(exchange.response->headers.get("content-type"), "text/xml");
  EXPECT_EQ(element(exchange.answer, "Account"), "111122223333");
  EXPECT_EQ(element(exchange.answer, "UserId"), "111122223333");
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:iam::111122223333:root");
  EXPECT_TRUE(
      exchange.answer.contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"))
      << exchange.answer;
}

TEST(GetCallerIdentity, RefusesAWrongSecretAsSts) {
  StsServer server(one_key());
  TestExchange exchange = server.serve(server.signed_head({"AKIAALICE", "guessed"}));
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(element(exchange.answer, "Type"), "Sender");
  EXPECT_EQ(element(exchange.answer, "Code"), "SignatureDoesNotMatch");
}

TEST(GetCallerIdentity, RefusesAnUnknownKeyAsSts) {
  StsServer server(one_key());
  TestExchange exchange = server.serve(server.signed_head({"AKIABOB", "bob's secret"}));
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(element(exchange.answer, "Code"), "InvalidClientTokenId");
  EXPECT_EQ(element(exchange.answer, "Message"), "The security token included in the request is invalid.");
}

TEST(GetCallerIdentity, RefusesAMissingSignatureAsSts) {
  StsServer server(one_key());
  TestExchange exchange = server.serve(server.head());
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(element(exchange.answer, "Code"), "MissingAuthenticationToken");
}

TEST(GetCallerIdentity, InOpenModeTakesTheAccountFromTheKey) {
  StsServer server;
  TestExchange exchange = server.serve(server.signed_head({"444455556666", "anything"}));
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(element(exchange.answer, "Arn"), "arn:aws:iam::444455556666:root");
}

TEST(GetCallerIdentity, InOpenModeAnswersWithoutCredentials) {
  StsServer server;
  TestExchange exchange = server.serve(server.head());
  EXPECT_EQ(exchange.status(), 200) << exchange.answer;
  EXPECT_EQ(element(exchange.answer, "Account"), "000000000000");
}

}  // namespace
}  // namespace outcrop::sts
