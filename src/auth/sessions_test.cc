#include "auth/sessions.h"

#include <gtest/gtest.h>

#include "auth/access_key_id.h"
#include "auth/authenticator.h"
#include "auth/policy.h"
#include "auth/presigned_query.h"
#include "auth/testing/requests.h"
#include "base/seal.h"

namespace outcrop::auth {
namespace {

const std::string secret(seal_key_bytes, 's');

// A clock whose wall is moved by hand, as the manual one.
class WallClock final : public Clock {
 public:
  Instant now = test::instant("20300101T000000Z");
  Instant wall() const override { return now; }
  Instant real_wall() const override { return test::instant("20261122T191332Z"); }
  SteadyTime steady() const override { return {}; }
};

SessionRecord role_session(Instant expires_at) {
  return {.kind = record_kind(Identity::Kind::role),
          .account = "111122223333",
          .arn = "arn:aws:sts::111122223333:assumed-role/reader/alice",
          .user_id = "AROAEXAMPLEEXAMPLEEXA:alice",
          .issued_at = expires_at - Seconds(900),
          .expires_at = expires_at};
}

TEST(AccessKeyId, HoldsItsAccountAsAwsIdsDo) {
  std::string id = make_access_key_id("ASIA", "012345678901", 0x123456789a);
  EXPECT_EQ(id.size(), 20u);
  EXPECT_TRUE(id.starts_with("ASIA"));
  EXPECT_EQ(account_of_access_key_id(id), "012345678901");
  EXPECT_EQ(account_of_access_key_id("ASIAQNZGKIQY56JQ7WML"), "029608264753");  // published by Aidan Steele, 2020
  EXPECT_FALSE(account_of_access_key_id("AKIAIOSFODNN7EXAMPLE"));               // of the older kind
  EXPECT_FALSE(account_of_access_key_id("ASIA0000000000000000"));
  EXPECT_FALSE(account_of_access_key_id("short"));
}

class IssuedSessions : public testing::Test {
 protected:
  TemporaryCredentials issue(SessionRecord record) { return sessions->issue(record, random); }
  std::string verdict(Authenticator& authenticator, const TemporaryCredentials& credentials, Dialect dialect = Dialect::query) {
    net::RequestHead head{.method = "POST", .path = "/", .host = "localhost"};
    sign(head, {credentials.access_key_id, credentials.secret, credentials.session_token}, "us-east-1", "sqs", empty_body_hash,
         clock.real_wall());
    auto caller = authenticator.authenticate(head, [] { return std::string(empty_body_hash); }, {"sqs", dialect});
    return caller ? caller->identity.arn : caller.error().code + ": " + caller.error().message;
  }

  SeededRandom random{5};
  WallClock clock;
  std::shared_ptr<const Sessions> sessions = std::make_shared<const Sessions>(secret);
  Authenticator enforce{clock, Mode::enforce, {.sessions = sessions}};
  Authenticator open{clock, Mode::open, {.sessions = sessions}};
};

TEST_F(IssuedSessions, AreKnownByTheirTokenAlsoAfterARestart) {
  TemporaryCredentials credentials = issue(role_session(clock.now + Seconds(900)));
  EXPECT_EQ(credentials.secret.size(), 40u);
  for (auto known : {sessions, std::make_shared<const Sessions>(secret)}) {
    for (int time = 0; time < 2; ++time) {  // opened, and from memory
      auto key = known->find(credentials.access_key_id, credentials.session_token);
      ASSERT_TRUE(key);
      EXPECT_EQ(key->secret, credentials.secret);
      EXPECT_EQ(key->identity.kind, Identity::Kind::role);
      EXPECT_EQ(key->identity.user_id, "AROAEXAMPLEEXAMPLEEXA:alice");
      EXPECT_EQ(account_of_access_key_id(key->identity.access_key_id), "111122223333");
    }
  }
  EXPECT_FALSE(Sessions(std::string(32, 'x')).find(credentials.access_key_id, credentials.session_token));
  EXPECT_FALSE(sessions->find("ASIAOTHER", credentials.session_token));
  EXPECT_FALSE(sessions->find(credentials.access_key_id, credentials.session_token + "A"));
  EXPECT_FALSE(sessions->find(credentials.access_key_id, ""));
}

TEST_F(IssuedSessions, SignUntilTheWallClockSaysTheyEnded) {
  TemporaryCredentials credentials = issue(role_session(clock.now + Seconds(900)));
  for (Authenticator* authenticator : {&enforce, &open}) {
    clock.now = credentials.expires_at - Milliseconds(1);
    EXPECT_EQ(verdict(*authenticator, credentials), "arn:aws:sts::111122223333:assumed-role/reader/alice");
    clock.now = credentials.expires_at;
    EXPECT_EQ(verdict(*authenticator, credentials), "ExpiredToken: The security token included in the request is expired");
    EXPECT_EQ(verdict(*authenticator, credentials, Dialect::query_compatible_json),
              "ExpiredTokenException: The security token included in the request is expired");
  }
}

TEST_F(IssuedSessions, NeedTheirSecretAndTheirToken) {
  TemporaryCredentials credentials = issue(role_session(clock.now + Seconds(900)));
  TemporaryCredentials guessed = credentials, without_token = credentials;
  guessed.secret = "guessed";
  without_token.session_token = "";
  EXPECT_TRUE(verdict(enforce, guessed).starts_with("SignatureDoesNotMatch: "));
  EXPECT_EQ(verdict(enforce, without_token), "InvalidClientTokenId: The security token included in the request is invalid.");
}

TEST_F(IssuedSessions, PresignToo) {
  TemporaryCredentials credentials = issue(role_session(clock.now + Seconds(900)));
  net::RequestHead head{.method = "GET", .path = "/", .host = "localhost"};
  presign(head, {credentials.access_key_id, credentials.secret, credentials.session_token}, "us-east-1", "sqs", empty_body_hash,
          {clock.real_wall()});
  for (Authenticator* authenticator : {&enforce, &open}) {
    auto caller = authenticator->authenticate(head, [] { return std::string(empty_body_hash); }, {"sqs", Dialect::query});
    ASSERT_TRUE(caller) << caller.error().message;
    EXPECT_EQ(caller->identity.arn, "arn:aws:sts::111122223333:assumed-role/reader/alice");
  }
}

class SessionPolicies : public IssuedSessions {
 protected:
  std::string decide(SessionRecord record, std::string_view resource_policy = "", std::string_view action = "sqs:SendMessage") {
    record.expires_at = clock.now + Seconds(900);
    TemporaryCredentials credentials = issue(record);
    Identity identity = sessions->find(credentials.access_key_id, credentials.session_token)->identity;
    PolicyContext context = context_of(identity, {.now = clock.now});
    AccessRequest request{identity, action, "arn:aws:sqs:us-east-1:111122223333:q", "111122223333", context};
    std::optional<PolicyDocument> policy;
    if (!resource_policy.empty()) policy = *parse_policy(resource_policy, PolicyKind::resource);
    Decision decision = authorize(request, {}, policy ? &*policy : nullptr);
    if (decision.is_allowed()) return "allowed";
    std::string message = denial_message(request, decision, action);
    return message.substr(message.find("111122223333:q") + 14);
  }
  SessionRecord with_policy(std::string_view statement) {
    SessionRecord record = role_session(clock.now);
    record.policies = {R"({"Version":"2012-10-17","Statement":[)" + std::string(statement) + "]}"};
    return record;
  }
};

TEST_F(SessionPolicies, BoundWhatASessionMayDo) {
  EXPECT_EQ(decide(role_session(clock.now)), "allowed");
  EXPECT_EQ(decide(with_policy(R"({"Effect":"Allow","Action":"sqs:Send*","Resource":"*"})")), "allowed");
  EXPECT_EQ(decide(with_policy(R"({"Effect":"Allow","Action":"sqs:Receive*","Resource":"*"})")),
            " because no session policy allows the sqs:SendMessage action");
  EXPECT_EQ(decide(with_policy(R"({"Effect":"Deny","Action":"*","Resource":"*"})")), " with an explicit deny in a session policy");
}

TEST_F(SessionPolicies, YieldToAResourcePolicyThatNamesTheSession) {
  auto resource_policy = [](std::string_view principal) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" + std::string(principal) +
           R"("},"Action":"sqs:*","Resource":"*"}]})";
  };
  SessionRecord receiver = with_policy(R"({"Effect":"Allow","Action":"sqs:Receive*","Resource":"*"})");
  EXPECT_EQ(decide(receiver, resource_policy("arn:aws:sts::111122223333:assumed-role/reader/alice")), "allowed");
  EXPECT_EQ(decide(receiver, resource_policy("arn:aws:iam::111122223333:role/reader")),
            " because no session policy allows the sqs:SendMessage action");
}

TEST_F(SessionPolicies, AreWhatFederatedUsersLiveBy) {
  SessionRecord federated = role_session(clock.now);
  federated.kind = record_kind(Identity::Kind::federated_user);
  federated.needs_policy = true;
  EXPECT_EQ(decide(federated), " because no session policy allows the sqs:SendMessage action");
  federated.policies = with_policy(R"({"Effect":"Allow","Action":"*","Resource":"*"})").policies;
  EXPECT_EQ(decide(federated), "allowed");
}

TEST_F(SessionPolicies, SeeTheTagsOfTheSession) {
  SessionRecord tagged =
      with_policy(R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}})");
  EXPECT_EQ(decide(tagged), " because no session policy allows the sqs:SendMessage action");
  tagged.tags.emplace();
  (*tagged.tags)["team"] = "blue";
  EXPECT_EQ(decide(tagged), "allowed");
}

TEST_F(IssuedSessions, MessagesOpenWhereTheyWereEncoded) {
  std::string encoded = sessions->encode_message("{\"allowed\":false}", random);
  EXPECT_EQ(sessions->decode_message(encoded), "{\"allowed\":false}");
  EXPECT_FALSE(sessions->decode_message("garbage"));
  EXPECT_FALSE(sessions->decode_message(issue(role_session(clock.now)).session_token));
}

}  // namespace
}  // namespace outcrop::auth
