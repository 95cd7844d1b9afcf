#include "auth/presigned_query.h"

#include <gtest/gtest.h>

#include "auth/authenticator.h"
#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

constexpr std::string_view presigned_at = "20261122T191332Z";

// As boto3 1.43 presigns it with alice's key at that time, for http://localhost:4566.
constexpr std::string_view boto3_identity_query =
    "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAALICE%2F20261122%2Fus-east-1%2Fsts"
    "%2Faws4_request&X-Amz-Date=20261122T191332Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="
    "eaa2adb2eb109f1ed3a8aae56c4c82eb8090def10f0b95ec2aa4833700df1ea3";
constexpr std::string_view boto3_object_query =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAALICE%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261122T191332Z"
    "&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=ec35679334d71cac436c3a7c73b7d8b0244e74052dae18d3a3f808733b4a0f50";
constexpr std::string_view boto3_put_query =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAALICE%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261122T191332Z"
    "&X-Amz-Expires=600&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-meta-colour&X-Amz-Signature="
    "6d7dc5c9f33e899208d74c489e5dff076e682cbc62ee7004d1c8b4c79cbd3b04";

net::RequestHead request_for(std::string_view path, std::string_view query) {  // calls of query services are presigned as POST
  bool is_call = query.starts_with("Action=");
  return {.method = is_call ? "POST" : "GET", .path = std::string(path), .query = std::string(query), .host = "localhost:4566"};
}

class PresignedQuery : public testing::Test {
 protected:
  static std::shared_ptr<AccessKeys> alice() {
    CredentialsConfig config;
    config.keys = {{"AKIAALICE", "alice's secret", "111122223333"}};
    return std::move(*ConfiguredAccessKeys::from(config));
  }
  std::string verdict(const net::RequestHead& head, std::string_view service = "sts", std::string body = "") {
    Dialect dialect = service == "s3" ? Dialect::s3 : Dialect::query;
    auto caller = authenticator.authenticate(head, [&] { return hex(sha256(body)); }, {.signing_name = service, .dialect = dialect});
    return caller ? "accepted for " + caller->identity.account : caller.error().code + ": " + caller.error().message;
  }
  static net::RequestHead replaced(net::RequestHead head, std::string_view text, std::string_view by) {
    size_t at = head.query.find(text);
    EXPECT_NE(at, std::string::npos) << text;
    head.query.replace(at, text.size(), by);
    return head;
  }

  test::StandingClock clock{presigned_at};
  Authenticator authenticator{clock, alice()};
};

TEST_F(PresignedQuery, OfBoto3IsAccepted) {
  EXPECT_EQ(verdict(request_for("/", boto3_identity_query)), "accepted for 111122223333");
  EXPECT_EQ(verdict(request_for("/photos/a%20b/c%2Bd.jpg", boto3_object_query), "s3"), "accepted for 111122223333");
  net::RequestHead put = request_for("/photos/k", boto3_put_query);
  put.method = "PUT";
  put.headers = {{"content-type", "image/png"}, {"x-amz-meta-colour", "dark red"}};
  EXPECT_EQ(verdict(put, "s3", "any body"), "accepted for 111122223333");
  put.headers.set("x-amz-meta-colour", "blue");
  EXPECT_TRUE(verdict(put, "s3").starts_with("SignatureDoesNotMatch: "));
}

TEST_F(PresignedQuery, CoversEveryParameterAndTheBody) {
  net::RequestHead head = request_for("/", boto3_identity_query);
  EXPECT_TRUE(verdict(replaced(head, "Action=Get", "Action=Set")).starts_with("SignatureDoesNotMatch: "));
  EXPECT_TRUE(verdict(replaced(head, "Expires=60", "Expires=600")).starts_with("SignatureDoesNotMatch: "));
  EXPECT_TRUE(verdict(head, "sts", "a body").starts_with("SignatureDoesNotMatch: "));
  EXPECT_TRUE(verdict(replaced(head, "eaa2adb2", "00000000")).starts_with("SignatureDoesNotMatch: "));
  head.host = "elsewhere";
  EXPECT_TRUE(verdict(head).starts_with("SignatureDoesNotMatch: "));
}

TEST_F(PresignedQuery, IsGoodUntilItExpires) {
  clock.set("20261122T191432Z");
  EXPECT_EQ(verdict(request_for("/", boto3_identity_query)), "accepted for 111122223333");
  clock.set("20261122T191433Z");
  EXPECT_EQ(verdict(request_for("/", boto3_identity_query)),
            "SignatureDoesNotMatch: Signature expired: 20261122T191332Z is now earlier than 20261122T191333Z (20261122T191433Z - 1 min.)");
  clock.set("20261122T192333Z");
  EXPECT_EQ(verdict(request_for("/photos/a%20b/c%2Bd.jpg", boto3_object_query), "s3"), "AccessDenied: Request has expired");
  clock.set("20261122T180000Z");
  EXPECT_EQ(verdict(request_for("/photos/a%20b/c%2Bd.jpg", boto3_object_query), "s3"), "AccessDenied: Request is not valid yet");
}

TEST_F(PresignedQuery, SaysWhatCannotBeRead) {
  net::RequestHead sts = request_for("/", boto3_identity_query), s3 = request_for("/photos/k", boto3_object_query);
  EXPECT_EQ(verdict(replaced(sts, "X-Amz-Date=", "Date=")),
            "IncompleteSignature: AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.");
  EXPECT_EQ(verdict(replaced(s3, "X-Amz-Date=", "Date="), "s3"),
            "AuthorizationQueryParametersError: Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
            "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
  EXPECT_EQ(verdict(replaced(s3, "%2Fs3%2F", "%2F"), "s3"),
            "AuthorizationQueryParametersError: Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
            "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
  EXPECT_EQ(verdict(replaced(s3, "Expires=600", "Expires=604801"), "s3"),
            "AuthorizationQueryParametersError: X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must "
            "be less than 604800 seconds");
  EXPECT_EQ(verdict(replaced(s3, "Expires=600", "Expires=soon"), "s3"),
            "AuthorizationQueryParametersError: X-Amz-Expires should be a number");
  EXPECT_EQ(verdict(replaced(s3, "Expires=600", "Expires=-1"), "s3"),
            "AuthorizationQueryParametersError: X-Amz-Expires must be non-negative");
  s3.headers = {{"x-amz-acl", "public-read"}};
  EXPECT_EQ(verdict(s3, "s3"), "AccessDenied: There were headers present in the request which were not signed");
}

TEST_F(PresignedQuery, OfOurOwnIsAcceptedForADayAWeekAndASecond) {
  for (int seconds : {1, 86'400, 604'800}) {
    net::RequestHead head = request_for("/a/b", "x=1&y=%20");
    presign(head, {"AKIAALICE", "alice's secret"}, "eu-west-1", "sts", empty_body_hash, {clock.real_wall(), Seconds(seconds)});
    EXPECT_EQ(verdict(head), "accepted for 111122223333") << head.query;
  }
}

TEST_F(PresignedQuery, RoutesByItsService) {
  EXPECT_EQ(scope_service(request_for("/", boto3_identity_query)), "sts");
  EXPECT_EQ(scope_service(request_for("/", "X-Amz-Credential=a/b/c/states/aws4_request")), "states");
  EXPECT_EQ(scope_service(request_for("/", "X-Amz-Credential=a")), "");
  EXPECT_EQ(scope_service(request_for("/", "AWSAccessKeyId=a&Expires=1&Signature=x")), "s3");
  net::RequestHead signed_head = request_for("/", "");
  sign(signed_head, {"AKIAALICE", "alice's secret"}, "us-east-1", "sqs", empty_body_hash, clock.real_wall());
  EXPECT_EQ(scope_service(signed_head), "sqs");
  EXPECT_EQ(scope_service(request_for("/", "")), "");
}

TEST_F(PresignedQuery, InOpenModeNamesTheAccountAndIsNotVerified) {
  Authenticator open(clock);
  net::RequestHead head = replaced(request_for("/", boto3_identity_query), "AKIAALICE", "444455556666");
  auto caller = open.authenticate(head, [] { return std::string(); }, {.signing_name = "sts", .dialect = Dialect::query});
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->identity.account, "444455556666");
}

}  // namespace
}  // namespace outcrop::auth
