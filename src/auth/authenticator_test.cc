#include "auth/authenticator.h"

#include <gtest/gtest.h>

#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

constexpr std::string_view now_text = "20261122T191332Z";

test::TestRequest list_queues_request() {
  return test::test_request("POST / HTTP/1.1\nHost: localhost:4566\nContent-Type: application/x-www-form-urlencoded\n\nAction=ListQueues");
}

test::TestRequest signed_by(const SigningCredentials& credentials, std::string_view at = now_text, std::string_view region = "eu-west-1") {
  test::TestRequest request = list_queues_request();
  sign(request.head, credentials, region, "sqs", hex(sha256(request.body)), test::instant(at));
  return request;
}

test::TestRequest with_credential(std::string_view credential) {
  test::TestRequest request = list_queues_request();
  request.head.headers.add("Authorization",
                           "AWS4-HMAC-SHA256 Credential=" + std::string(credential) + ", SignedHeaders=host, Signature=none");
  return request;
}

const SigningCredentials alice_key = {"AKIAALICE", "alice's secret"};

class EnforceMode : public testing::Test {
 protected:
  static std::unique_ptr<AccessKeys> configured_keys() {
    CredentialsConfig config;
    config.keys = {{"AKIAALICE", "alice's secret", "111122223333", "alice"}, {"AKIABOB", "bob's secret", "444455556666"}};
    auto keys = ConfiguredAccessKeys::from(config);
    EXPECT_TRUE(keys);
    return std::move(*keys);
  }
  Result<Caller> authenticate(const test::TestRequest& request, Dialect dialect = Dialect::query) {
    return authenticator.authenticate(request.head, request.body_hash(), {"sqs", dialect});
  }
  std::string refusal_of(const test::TestRequest& request, Dialect dialect = Dialect::query) {
    auto caller = authenticate(request, dialect);
    return caller ? "accepted" : caller.error().code + " " + std::to_string(caller.error().status);
  }

  test::StandingClock clock{now_text};
  Authenticator authenticator{clock, configured_keys()};
};

TEST_F(EnforceMode, KnowsTheRootOfTheKeysAccount) {
  auto caller = authenticate(signed_by(alice_key));
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_EQ(caller->identity.kind, Identity::Kind::root);
  EXPECT_EQ(caller->identity.account, "111122223333");
  EXPECT_EQ(caller->identity.arn, "arn:aws:iam::111122223333:root");
  EXPECT_EQ(caller->identity.user_id, "111122223333");
  EXPECT_EQ(caller->identity.access_key_id, "AKIAALICE");
  EXPECT_EQ(caller->region, "eu-west-1");
  EXPECT_EQ(caller->signing_name, "sqs");
}

TEST_F(EnforceMode, AcceptsAKeyAgainFromTheCacheAndStillChecksTheSignature) {
  EXPECT_EQ(refusal_of(signed_by(alice_key)), "accepted");
  EXPECT_EQ(refusal_of(signed_by(alice_key)), "accepted");
  EXPECT_EQ(refusal_of(signed_by({"AKIAALICE", "guessed"})), "SignatureDoesNotMatch 403");
}

TEST_F(EnforceMode, RefusesWithAwsCodes) {
  EXPECT_EQ(refusal_of(list_queues_request()), "MissingAuthenticationToken 403");
  EXPECT_EQ(refusal_of(with_credential("a/b")), "IncompleteSignature 400");
  EXPECT_EQ(refusal_of(signed_by({"AKIANOBODY", "x"})), "InvalidClientTokenId 403");
  EXPECT_EQ(refusal_of(signed_by({"AKIAALICE", "bob's secret"})), "SignatureDoesNotMatch 403");
  EXPECT_EQ(refusal_of(signed_by(alice_key, "20261122T180000Z")), "SignatureDoesNotMatch 403");
}

TEST_F(EnforceMode, RefusesJsonCallersWithTheirCodes) {
  Dialect json = Dialect::query_compatible_json;
  EXPECT_EQ(refusal_of(list_queues_request(), json), "MissingAuthenticationTokenException 403");
  EXPECT_EQ(refusal_of(signed_by({"AKIANOBODY", "x"}), json), "UnrecognizedClientException 403");
  EXPECT_EQ(refusal_of(signed_by({"AKIAALICE", "x"}), json), "InvalidSignatureException 403");
  EXPECT_EQ(refusal_of(signed_by({"AKIAALICE", "x"}), Dialect::json), "InvalidSignatureException 400");
}

TEST_F(EnforceMode, RefusesAnInventedSessionToken) {
  SigningCredentials credentials = alice_key;
  credentials.session_token = "invented";
  auto caller = authenticate(signed_by(credentials));
  ASSERT_FALSE(caller);
  EXPECT_EQ(caller.error().code, "InvalidClientTokenId");
  EXPECT_EQ(caller.error().message, "The security token included in the request is invalid.");
}

TEST_F(EnforceMode, GoesByTheRealClock) {
  ASSERT_NE(clock.wall(), clock.real_wall());
  EXPECT_EQ(refusal_of(signed_by(alice_key, "20000101T000000Z")), "SignatureDoesNotMatch 403");
  clock.set("20261122T193000Z");
  EXPECT_EQ(refusal_of(signed_by(alice_key)), "SignatureDoesNotMatch 403");
}

// HTTP/2 clients send no Host; they list ":authority", as node's HTTP/2 handlers do, or "host" all the same.
TEST_F(EnforceMode, TakesTheAuthorityOfHttp2ForTheHost) {
  test::TestRequest request = list_queues_request();
  request.head.http_major = 2;
  request.head.headers.erase("host");
  sign(request.head, alice_key, "eu-west-1", "sqs", hex(sha256(request.body)), test::instant(now_text));
  ASSERT_TRUE(request.head.headers.get("authorization").contains("SignedHeaders=:authority;"));
  EXPECT_EQ(refusal_of(request), "accepted");
  request.head.host = "elsewhere";
  EXPECT_EQ(refusal_of(request), "SignatureDoesNotMatch 403");

  request = signed_by(alice_key);
  request.head.http_major = 2;
  request.head.headers.erase("host");
  EXPECT_EQ(refusal_of(request), "accepted");
}

TEST_F(EnforceMode, LeavesUnsignedOperationsToAnyone) {
  Addressed web_identity{.signing_name = "sts", .dialect = Dialect::query, .may_be_unsigned = true};
  test::TestRequest request = list_queues_request();
  auto caller = authenticator.authenticate(request.head, request.body_hash(), web_identity);
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_EQ(caller->identity.kind, Identity::Kind::anonymous);
  request = with_credential("AKIAALICE/20261122/eu-west-1/sts/aws4_request");
  EXPECT_FALSE(authenticator.authenticate(request.head, request.body_hash(), web_identity)) << "a wrong signature is no missing one";
}

TEST_F(EnforceMode, HandsOnWhatABodyInPiecesIsSignedWith) {
  test::TestRequest request = list_queues_request();
  sign(request.head, alice_key, "eu-west-1", "s3", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", test::instant(now_text));
  auto caller = authenticator.authenticate(request.head, request.body_hash(), {"s3", Dialect::s3});
  ASSERT_TRUE(caller) << caller.error().message;
  ASSERT_TRUE(caller->payload_signing);
  EXPECT_EQ(caller->payload_signing->timestamp, now_text);
  EXPECT_EQ(caller->payload_signing->seed_signature.size(), 64u);
  EXPECT_FALSE(authenticate(signed_by(alice_key))->payload_signing);

  request = list_queues_request();
  request.head.headers.add("x-amz-content-sha256", std::string(streaming_events));
  sign(request.head, alice_key, "eu-west-1", "bedrock", streaming_events, test::instant(now_text));
  caller = authenticator.authenticate(request.head, request.body_hash(), {"bedrock", Dialect::rest_json});
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_TRUE(caller->payload_signing);
}

class OpenMode : public testing::Test {
 protected:
  Result<Caller> authenticate(const test::TestRequest& request) {
    auto hash_nothing = []() -> std::string { throw std::logic_error("the body was hashed"); };
    return authenticator.authenticate(request.head, hash_nothing, {"sqs", Dialect::query});
  }
  test::StandingClock clock{now_text};
  Authenticator authenticator{clock};
};

TEST_F(OpenMode, VerifiesNothing) {
  auto caller = authenticate(with_credential("test/19990101/us-west-2/sqs/aws4_request"));
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_EQ(caller->identity.account, "000000000000");
  EXPECT_EQ(caller->identity.arn, "arn:aws:iam::000000000000:root");
  EXPECT_EQ(caller->identity.access_key_id, "test");
  EXPECT_EQ(caller->region, "us-west-2");
}

TEST_F(OpenMode, TakesTheAccountFromAKeyOfTwelveDigits) {
  auto account_of = [&](std::string_view key) {
    auto caller = authenticate(with_credential(std::string(key) + "/20261122/us-east-1/sqs/aws4_request"));
    return caller ? caller->identity.account : caller.error().code;
  };
  EXPECT_EQ(account_of("111122223333"), "111122223333");
  EXPECT_EQ(account_of("11112222333"), "000000000000");
  EXPECT_EQ(account_of("1111222233334"), "000000000000");
  EXPECT_EQ(account_of("11112222333a"), "000000000000");
}

TEST_F(OpenMode, TakesAnyRegionName) {
  auto region_of = [&](std::string_view region) {
    auto caller = authenticate(with_credential("test/20261122/" + std::string(region) + "/sqs/aws4_request"));
    return caller ? caller->region : caller.error().code;
  };
  EXPECT_EQ(region_of("eu-central-1"), "eu-central-1");
  EXPECT_EQ(region_of("local"), "local");
  EXPECT_EQ(region_of("a:b"), "us-east-1");
}

TEST_F(OpenMode, AcceptsRequestsWithoutCredentials) {
  for (std::string_view authorization : {"", "Bearer bedrock-api-key", "Basic abc"}) {
    test::TestRequest request = list_queues_request();
    if (!authorization.empty()) request.head.headers.add("Authorization", std::string(authorization));
    auto caller = authenticate(request);
    ASSERT_TRUE(caller) << authorization;
    EXPECT_EQ(caller->identity.account, "000000000000");
    EXPECT_EQ(caller->region, "us-east-1");
    EXPECT_EQ(caller->signing_name, "");
  }
}

TEST_F(OpenMode, RefusesACredentialThatIsNone) {
  auto caller = authenticate(with_credential("test"));
  ASSERT_FALSE(caller);
  EXPECT_EQ(caller.error().code, "IncompleteSignature");
  EXPECT_EQ(caller.error().message,
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'test'");
}

std::string configuration_problem(CredentialsConfig::Key key) {
  CredentialsConfig config;
  config.keys = {{"AKIAGOOD", "secret", "111122223333"}, std::move(key)};
  auto keys = ConfiguredAccessKeys::from(config);
  return keys ? "none" : keys.error().message;
}

TEST(ConfiguredAccessKeys, NamesTheEntryThatIsWrongButNeverItsSecret) {
  EXPECT_EQ(configuration_problem({"AKIB", "secret", "444455556666"}), "none");
  EXPECT_EQ(configuration_problem({"", "s3cret", "444455556666"}), "credentials: key 2 needs an access_key_id of letters, digits, - and _");
  EXPECT_EQ(configuration_problem({"my s3cret/", "", "444455556666"}),
            "credentials: key 2 needs an access_key_id of letters, digits, - and _");
  EXPECT_EQ(configuration_problem({"AKIB", "", "444455556666"}), "credentials: key 2 (AKIB) needs a secret");
  EXPECT_EQ(configuration_problem({"AKIB", "secret", "4444"}), "credentials: key 2 (AKIB) needs an account of 12 digits");
  EXPECT_EQ(configuration_problem({"AKIAGOOD", "secret", "444455556666"}), "credentials: key 2 (AKIAGOOD) is there twice");
}

}  // namespace
}  // namespace outcrop::auth
