// STS behind the API front, as its clients meet it: signed forms in, XML out.
#pragma once
#include <gtest/gtest.h>

#include "auth/testing/tokens.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "core/api_front.h"
#include "core/testing/test_exchange.h"
#include "core/testing/test_world.h"
#include "gen/sts/manifest.h"
#include "services/sts/sts.h"

namespace outcrop::sts {

// The text of an element of an answer.
inline std::string element(const std::string& xml, std::string_view name) {
  std::string open = "<" + std::string(name) + ">", close = "</" + std::string(name) + ">";
  size_t begin = xml.find(open);
  if (begin == std::string::npos) return "absent";
  begin += open.size();
  return xml.substr(begin, xml.find(close, begin) - begin);
}

inline std::shared_ptr<const auth::AccessKeys> alices_key() {
  auth::CredentialsConfig config;
  config.keys = {{"AKIAALICEALICEALICE1", "alice's secret", "111122223333"}};
  return std::move(*auth::ConfiguredAccessKeys::from(config));
}

struct StsServer {
  // Enforces identities when there are keys.
  explicit StsServer(std::shared_ptr<const auth::AccessKeys> keys = nullptr)
      : sts(test.world, {.keys = keys, .web_identities = auth::WebIdentities(issuers())}) {
    EXPECT_TRUE(test.run(sts.start()));
    authenticator.emplace(test.clock, keys ? auth::Mode::enforce : auth::Mode::open,
                          auth::Authorities{.keys = keys, .sessions = sts.sessions()});
    directory.add(model, sts);
    api.emplace(test.world, directory, *authenticator, ApiFrontOptions{});
  }
  static std::vector<auth::WebIdentityIssuer> issuers() {
    std::vector<auth::WebIdentityIssuer> trusted;
    trusted.push_back({.issuer = std::string(auth::test::token_issuer),
                       .audiences = {"sts.amazonaws.com"},
                       .subjects = {"repo:octo/*"},
                       .accounts = {"111122223333"},
                       .keys = *auth::JsonWebKeys::parse(auth::test::issuer_keys)});
    return trusted;
  }

  TestExchange serve(net::RequestHead head, std::string body) {
    TestExchange exchange(std::move(head), std::move(body));
    test.run(api->serve(exchange));
    return exchange;
  }
  static net::RequestHead head() {
    return {.method = "POST",
            .path = "/",
            .host = "localhost:4566",
            .headers = {{"host", "localhost:4566"}, {"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}};
  }
  // The form without Version, signed by `credentials`; unsigned without.
  TestExchange call(std::string form, std::optional<auth::SigningCredentials> credentials = alice()) {
    std::string body = "Version=2011-06-15&" + form;
    net::RequestHead request = head();
    if (credentials) auth::sign(request, *credentials, "us-east-1", "sts", hex(sha256(body)), test.clock.real_wall());
    return serve(std::move(request), std::move(body));
  }
  static auth::SigningCredentials alice() { return {"AKIAALICEALICEALICE1", "alice's secret"}; }

  // The credentials in an answer.
  static auth::SigningCredentials credentials_of(const TestExchange& exchange) {
    EXPECT_EQ(exchange.status(), 200) << exchange.answer;
    return {element(exchange.answer, "AccessKeyId"), element(exchange.answer, "SecretAccessKey"), element(exchange.answer, "SessionToken")};
  }
  auth::SigningCredentials assume(std::string_view role = "reader", std::string more = "") {
    return credentials_of(
        call("Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/" + std::string(role) + "&RoleSessionName=alice" + more));
  }
  std::string arn_of(const auth::SigningCredentials& credentials) {
    TestExchange exchange = call("Action=GetCallerIdentity", credentials);
    return exchange.status() == 200 ? element(exchange.answer, "Arn") : element(exchange.answer, "Code");
  }

  TestWorld test;
  Metrics metrics{2};
  FaultInjection faults{test.random};
  Admission admission{faults, {}};
  Directory directory{admission, metrics};
  Sts sts;
  std::optional<auth::Authenticator> authenticator;
  std::optional<ApiFront> api;
};

inline std::string refusal(const TestExchange& exchange) {
  return std::to_string(exchange.status()) + " " + element(exchange.answer, "Code") + ": " + element(exchange.answer, "Message");
}

}  // namespace outcrop::sts
