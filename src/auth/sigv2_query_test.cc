#include "auth/sigv2_query.h"

#include <gtest/gtest.h>

#include "auth/authenticator.h"
#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

// What boto3 1.43 presigned for photos with alice's key at 2026-11-22T19:13:32Z, good for ten minutes.
struct Presigned {
  std::string_view method, path, query;
};
constexpr Presigned boto3_presigned[] = {
    {"GET", "/photos/a%20b/c%2Bd.jpg", "AWSAccessKeyId=AKIAALICE&Signature=2xoU0Q2j2AA2rHv8KNECsYXRngw%3D&Expires=1795375412"},
    {"PUT", "/photos/k",
     "AWSAccessKeyId=AKIAALICE&Signature=88ow9NoIsRzL2Sb6FWyJLcc%2BcRM%3D&content-type=image%2Fpng&x-amz-acl=public-read"
     "&x-amz-meta-colour=dark%20red&Expires=1795375412"},
    {"GET", "/photos/k",
     "versionId=v1&response-content-type=text%2Fplain%3B%20x&response-content-disposition=attachment%3B%20filename%3D%22%C3%A4.txt%22"
     "&AWSAccessKeyId=AKIAALICE&Signature=Les6kxILPugrraFC3rhW%2B3i26no%3D&Expires=1795375412"},
    {"PUT", "/photos/k", "uploadId=u1&partNumber=3&AWSAccessKeyId=AKIAALICE&Signature=LSbQAyByrw5R6VkSfTKfR%2FiXpec%3D&Expires=1795375412"},
};
constexpr Presigned boto3_with_token = {"GET", "/photos/a%20b/c%2Bd.jpg",
                                        "AWSAccessKeyId=AKIAALICE&Signature=3IHiP6nb%2F7LCLYSJM32hc7V%2FnsA%3D&x-amz-security-token=a%"
                                        "20session%2Ftoken%3D%3D&Expires=1795375412"};

net::RequestHead head_of(const Presigned& presigned) {
  return {.method = std::string(presigned.method),
          .path = std::string(presigned.path),
          .query = std::string(presigned.query),
          .host = "localhost:4566"};
}

class SigV2Queries : public testing::Test {
 protected:
  static std::shared_ptr<AccessKeys> alice() {
    CredentialsConfig config;
    config.keys = {{"AKIAALICE", "alice's secret", "111122223333"}};
    return std::move(*ConfiguredAccessKeys::from(config));
  }
  std::string verdict(const net::RequestHead& head, std::string_view bucket = "", Dialect dialect = Dialect::s3) {
    auto caller =
        authenticator.authenticate(head, [] { return std::string(); }, {.signing_name = "s3", .dialect = dialect, .bucket = bucket});
    return caller ? "accepted" : caller.error().code + ": " + caller.error().message;
  }
  test::StandingClock clock{"20261122T191332Z"};
  Authenticator authenticator{clock, alice()};
};

TEST_F(SigV2Queries, OfBoto3AreAccepted) {
  for (const Presigned& presigned : boto3_presigned) EXPECT_EQ(verdict(head_of(presigned)), "accepted") << presigned.query;
}

TEST_F(SigV2Queries, NameTheBucketInTheHostToo) {
  net::RequestHead head = head_of(boto3_presigned[0]);
  head.path = "/a%20b/c%2Bd.jpg";
  EXPECT_EQ(verdict(head, "photos"), "accepted");
  EXPECT_TRUE(verdict(head, "others").starts_with("SignatureDoesNotMatch: "));
}

TEST_F(SigV2Queries, CoverMethodPathHeadersAndSubResources) {
  for (const Presigned& presigned : boto3_presigned) {
    net::RequestHead head = head_of(presigned);
    head.method = "DELETE";
    EXPECT_TRUE(verdict(head).starts_with("SignatureDoesNotMatch: "));
    head = head_of(presigned);
    head.path += "x";
    EXPECT_TRUE(verdict(head).starts_with("SignatureDoesNotMatch: "));
    head = head_of(presigned);
    head.headers.add("x-amz-acl", "private");
    EXPECT_TRUE(verdict(head).starts_with("SignatureDoesNotMatch: "));
    head = head_of(presigned);
    head.query += "&acl";
    EXPECT_TRUE(verdict(head).starts_with("SignatureDoesNotMatch: "));
    head = head_of(presigned);
    head.query += "&x-id=GetObject";  // not a sub-resource
    EXPECT_EQ(verdict(head), "accepted");
  }
}

TEST_F(SigV2Queries, SignASessionTokenAsAHeader) {
  net::RequestHead head = head_of(boto3_with_token);
  auto query = parse_sigv2_query(head, clock.real_wall());
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->security_token, "a session/token==");
  EXPECT_TRUE(check_sigv2_query(head, *query, "alice's secret", ""));
  EXPECT_FALSE(check_sigv2_query(head, *query, "guessed", ""));
}

TEST_F(SigV2Queries, Expire) {
  clock.set("20261122T192332Z");
  EXPECT_EQ(verdict(head_of(boto3_presigned[0])), "accepted");
  clock.set("20261122T192333Z");
  EXPECT_EQ(verdict(head_of(boto3_presigned[0])), "AccessDenied: Request has expired");
}

TEST_F(SigV2Queries, AreRefusedWhenIncomplete) {
  net::RequestHead head = head_of(boto3_presigned[0]);
  head.query = "AWSAccessKeyId=AKIAALICE&Expires=1795375412";
  EXPECT_EQ(verdict(head), "AccessDenied: Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
}

TEST_F(SigV2Queries, AreForS3Alone) {
  EXPECT_EQ(verdict(head_of(boto3_presigned[0]), "", Dialect::query),
            "MissingAuthenticationToken: Request is missing Authentication Token");
}

}  // namespace
}  // namespace outcrop::auth
