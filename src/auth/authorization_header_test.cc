#include "auth/authorization_header.h"

#include <gtest/gtest.h>

#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

constexpr std::string_view complete_header =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc";

net::RequestHead head_with(std::string_view authorization, std::string_view amz_date = "20261122T191332Z") {
  net::RequestHead head;
  head.method = "POST", head.path = "/", head.host = "localhost";
  if (!authorization.empty()) head.headers.add("Authorization", std::string(authorization));
  if (!amz_date.empty()) head.headers.add("X-Amz-Date", std::string(amz_date));
  return head;
}

std::string tail_with_hash(std::string_view authorization) {
  return "(Hashed with SHA-256 and encoded with Base64) Authorization=" + base64(sha256(authorization));
}

std::string problem_with(std::string_view authorization, std::string_view amz_date = "20261122T191332Z", Dialect dialect = Dialect::query) {
  auto parsed = parse_sigv4_header(head_with(authorization, amz_date), dialect);
  return parsed ? "none" : parsed.error().code + ": " + parsed.error().message;
}

TEST(AuthorizationHeader, IsTakenApart) {
  net::RequestHead head = head_with(complete_header);
  auto parsed = parse_sigv4_header(head, Dialect::query);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->credential.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(parsed->credential.date, "20261122");
  EXPECT_EQ(parsed->credential.region, "us-east-1");
  EXPECT_EQ(parsed->credential.service, "sqs");
  EXPECT_EQ(parsed->credential.without_key(), "20261122/us-east-1/sqs/aws4_request");
  EXPECT_EQ(parsed->signed_headers, (std::vector<std::string_view>{"host", "x-amz-date"}));
  EXPECT_EQ(parsed->signature, "abc");
  EXPECT_EQ(parsed->signed_at, test::instant("20261122T191332Z"));
}

TEST(AuthorizationHeader, SeparatesParametersByCommasBlanksOrBoth) {
  for (std::string_view separator : {",", " ", ", ", " , ", ",\t"}) {
    std::string header = "AWS4-HMAC-SHA256 Signature=abc";
    header += separator;
    header += "SignedHeaders=host;x-amz-date";
    header += separator;
    header += "Credential=a/20261122/us-east-1/sqs/aws4_request";
    EXPECT_EQ(problem_with(header), "none") << header;
  }
}

TEST(AuthorizationHeader, MissingOrForeignIsNoTokenAtAll) {
  std::string missing = "MissingAuthenticationToken: Request is missing Authentication Token";
  EXPECT_EQ(problem_with(""), missing);
  EXPECT_EQ(problem_with("AWS4"), missing);
  EXPECT_EQ(problem_with("Bearer abc"), missing);
  EXPECT_EQ(problem_with("", "", Dialect::s3), "AccessDenied: Access Denied");
}

TEST(AuthorizationHeader, MissingHasTheCodeAndStatusOfEachFamily) {
  auto refused = [](Dialect dialect) {
    Fault fault = parse_sigv4_header(head_with(""), dialect).error();
    return fault.code + " " + std::to_string(fault.status);
  };
  EXPECT_EQ(refused(Dialect::query), "MissingAuthenticationToken 403");
  EXPECT_EQ(refused(Dialect::json), "MissingAuthenticationTokenException 400");
  EXPECT_EQ(refused(Dialect::query_compatible_json), "MissingAuthenticationTokenException 403");
  EXPECT_EQ(refused(Dialect::rest_json), "MissingAuthenticationTokenException 403");
  EXPECT_EQ(refused(Dialect::s3), "AccessDenied 403");
}

TEST(AuthorizationHeader, OfAnotherSchemeIsReadByRestServices) {
  std::string header = "Bearer eyJhbGciOi";
  EXPECT_EQ(problem_with(header, "20261122T191332Z", Dialect::rest_json),
            "IncompleteSignatureException: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and "
            "encoded with Base64): '" +
                base64(sha256(header)) + "'.");
}

TEST(AuthorizationHeader, NamesEverythingThatIsMissing) {
  EXPECT_EQ(
      problem_with("AWS4-", ""),
      "IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
      "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a "
      "'Date' header. " +
          tail_with_hash("AWS4-"));
  std::string header = "AWS4-HMAC-SHA256 Signature=b, Credential=a";
  EXPECT_EQ(problem_with(header),
            "IncompleteSignature: Authorization header requires 'SignedHeaders' parameter. " + tail_with_hash(header));
}

TEST(AuthorizationHeader, MustBePairs) {
  std::string header = "AWS4-HMAC-SHA256 FooBar, Credential=a";
  EXPECT_EQ(
      problem_with(header),
      "IncompleteSignature: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
      "Base64): '" +
          base64(sha256(header)) + "'.");
}

TEST(AuthorizationHeader, MustNameTheOneAlgorithm) {
  std::string header(complete_header);
  header.replace(0, 16, "AWS4-ECDSA-P256-SHA256");
  EXPECT_EQ(problem_with(header), "IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
}

TEST(AuthorizationHeader, MustSignTheHost) {
  std::string header(complete_header);
  header.replace(header.find("host;"), 5, "");
  EXPECT_EQ(problem_with(header), "SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  EXPECT_EQ(problem_with(header.replace(header.find("x-amz-date"), 0, ":authority;")), "none");
}

TEST(AuthorizationHeader, MustSignEveryAmzHeader) {
  net::RequestHead head = head_with(complete_header);
  head.headers.add("X-Amz-Target", "AmazonSQS.SendMessage");
  auto parsed = parse_sigv4_header(head, Dialect::json);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, "InvalidSignatureException");
  EXPECT_EQ(parsed.error().message, "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
}

TEST(AuthorizationHeader, NeedsADateInBasicFormat) {
  EXPECT_EQ(problem_with(complete_header, "2026/11/22"),
            "IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '2026/11/22'. See http://en.wikipedia.org/wiki/ISO_8601");
  EXPECT_EQ(problem_with(complete_header, "20261322T191332Z").substr(0, 20), "IncompleteSignature:");
}

TEST(AuthorizationHeader, NeedsACredentialOfFiveElements) {
  for (std::string_view credential : {"AKIDEXAMPLE", "a/b/c/d", "a/b/c/d/e/f", "/b/c/d/e", "a//c/d/e", "a/b/c/d/"}) {
    std::string header = "AWS4-HMAC-SHA256 Credential=" + std::string(credential) + ", SignedHeaders=host;x-amz-date, Signature=abc";
    EXPECT_EQ(problem_with(header),
              "IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
                  std::string(credential) + "'");
  }
}

TEST(AuthorizationHeader, IsBounded) {
  std::string header(complete_header);
  header += ", SignedHeaders=host";
  for (size_t i = 0; i < signed_headers_max; ++i) header += ";a";
  EXPECT_EQ(problem_with(header).substr(0, 20), "IncompleteSignature:");
  EXPECT_EQ(problem_with("AWS4-HMAC-SHA256 Credential=" + std::string(authorization_bytes_max, 'a')),
            "IncompleteSignature: Authorization header is too long.");
}

}  // namespace
}  // namespace outcrop::auth
