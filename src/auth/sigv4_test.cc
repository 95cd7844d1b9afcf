#include "auth/sigv4.h"

#include <gtest/gtest.h>

#include "auth/authorization_header.h"
#include "auth/testing/requests.h"

namespace outcrop::auth {
namespace {

constexpr std::string_view signing_second = "20261122T191332Z";

SigningCredentials example_credentials() { return {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}; }

test::TestRequest send_message_request() {
  return test::test_request(
      "POST / HTTP/1.1\nHost: localhost:4566\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: AmazonSQS.SendMessage\n\n{\"a\":1}");
}

test::TestRequest signed_request(std::string_view service = "sqs") {
  test::TestRequest request = send_message_request();
  sign(request.head, example_credentials(), "us-east-1", service, hex(sha256(request.body)), test::instant(signing_second));
  return request;
}

Result<std::string> verified(const test::TestRequest& request, Expectation expected,
                             std::string_view secret = example_credentials().secret) {
  auto parsed = parse_sigv4_header(request.head, expected.dialect);
  if (!parsed) return fail(parsed.error());
  auto in_scope = check_scope(*parsed, expected);
  if (!in_scope) return fail(in_scope.error());
  SigningKeyCache keys;
  return check_signature(request.head, *parsed, secret, expected, request.body_hash(), keys);
}

Result<std::string> verified_at(const test::TestRequest& request, std::string_view now, Dialect dialect = Dialect::query) {
  return verified(request, {"sqs", dialect, test::instant(now)});
}

std::string message_of(const Result<std::string>& result) { return result ? "accepted" : result.error().message; }
std::string code_of(const Result<std::string>& result) { return result ? "accepted" : result.error().code; }

TEST(CanonicalPath, IsEncodedOnceMoreOutsideS3) {
  SigningRules others = SigningRules::of("bedrock"), s3 = SigningRules::of("s3");
  EXPECT_EQ(canonical_path("/model/anthropic.claude%3A0/invoke", others), "/model/anthropic.claude%253A0/invoke");
  EXPECT_EQ(canonical_path("/model/anthropic.claude%3A0/invoke", s3), "/model/anthropic.claude%3A0/invoke");
  EXPECT_EQ(canonical_path("/prod/@connections/abc%3D", others), "/prod/%40connections/abc%253D");
}

TEST(CanonicalPath, IsNormalizedOutsideS3Only) {
  SigningRules others, s3 = SigningRules::of("s3");
  EXPECT_EQ(canonical_path("/a/./b//../c/", others), "/a/c/");
  EXPECT_EQ(canonical_path("/../..", others), "/");
  EXPECT_EQ(canonical_path("", others), "/");
  EXPECT_EQ(canonical_path("/bucket/a/./b//../c/", s3), "/bucket/a/./b//../c/");
}

TEST(CanonicalPath, OfS3SpellsEscapesInOneWay) {
  SigningRules s3 = SigningRules::of("s3");
  EXPECT_EQ(canonical_path("/b/%e2%82%ac", s3), "/b/%E2%82%AC");
  EXPECT_EQ(canonical_path("/b/%7Ehome/%41", s3), "/b/~home/A");
  EXPECT_EQ(canonical_path("/b/a+b(1)", s3), "/b/a%2Bb%281%29");
  EXPECT_EQ(canonical_path("/b/100%", s3), "/b/100%25");
  EXPECT_EQ(canonical_path("/b/a%2Fb", s3), "/b/a%2Fb");
}

TEST(CanonicalQuery, IsSortedByNameThenValueWithEveryEqualsSign) {
  EXPECT_EQ(canonical_query("b=2&a=2&a=1&uploads"), "a=1&a=2&b=2&uploads=");
  EXPECT_EQ(canonical_query("a-=1&a=2"), "a=2&a-=1");
  EXPECT_EQ(canonical_query("&&x=1&"), "x=1");
  EXPECT_EQ(canonical_query("k=a%20b&k=a+b&k=%c3%a9"), "k=%C3%A9&k=a%20b&k=a%2Bb");
  EXPECT_EQ(canonical_query("a=b=c"), "a=b%3Dc");
}

TEST(CanonicalQuery, LeavesOutTheParameterThatCarriesTheSignature) {
  EXPECT_EQ(canonical_query("X-Amz-Date=1&X-Amz-Signature=abc&y", "X-Amz-Signature"), "X-Amz-Date=1&y=");
}

TEST(CanonicalRequest, TakesTheAuthorityOfHttp2) {
  net::RequestHead head;
  head.method = "POST", head.path = "/model/x/invoke", head.host = "127.0.0.1:4566", head.http_major = 2;
  std::vector<std::string_view> names = {":authority"};
  EXPECT_EQ(canonical_request({head, names, "hash", {}}), "POST\n/model/x/invoke\n\n:authority:127.0.0.1:4566\n\n:authority\nhash");
}

TEST(Sigv4, AcceptsWhatItSigned) { EXPECT_EQ(code_of(verified_at(signed_request(), signing_second)), "accepted"); }

TEST(Sigv4, GivesTheHashOfTheBody) {
  test::TestRequest request = signed_request();
  EXPECT_EQ(*verified_at(request, signing_second), hex(sha256(request.body)));
}

TEST(Sigv4, RefusesAChangedBody) {
  test::TestRequest request = signed_request();
  request.body += ' ';
  EXPECT_EQ(code_of(verified_at(request, signing_second)), "SignatureDoesNotMatch");
}

TEST(Sigv4, RefusesAnUnsignedBodyOutsideS3) {
  test::TestRequest request = send_message_request();
  request.head.headers.set("X-Amz-Content-Sha256", std::string(unsigned_payload));
  sign(request.head, example_credentials(), "us-east-1", "sqs", unsigned_payload, test::instant(signing_second));
  EXPECT_EQ(code_of(verified_at(request, signing_second)), "SignatureDoesNotMatch");
}

TEST(Sigv4, RefusesChangedPathsQueriesMethodsHostsAndHeaders) {
  auto changed = [](auto change) {
    test::TestRequest request = signed_request();
    change(request.head);
    return code_of(verified_at(request, signing_second));
  };
  EXPECT_EQ(changed([](net::RequestHead& head) { head.path = "/other"; }), "SignatureDoesNotMatch");
  EXPECT_EQ(changed([](net::RequestHead& head) { head.query = "Action=DeleteQueue"; }), "SignatureDoesNotMatch");
  EXPECT_EQ(changed([](net::RequestHead& head) { head.method = "GET"; }), "SignatureDoesNotMatch");
  EXPECT_EQ(changed([](net::RequestHead& head) { head.host = "localhost:4567"; }), "SignatureDoesNotMatch");
  EXPECT_EQ(changed([](net::RequestHead& head) { head.headers.set("x-amz-target", "AmazonSQS.DeleteQueue"); }), "SignatureDoesNotMatch");
  EXPECT_EQ(changed([](net::RequestHead& head) { head.headers.add("x-amz-target", "AmazonSQS.DeleteQueue"); }), "SignatureDoesNotMatch");
  EXPECT_EQ(changed([](net::RequestHead& head) { head.headers.set("user-agent", "proxied"); }), "accepted");
}

TEST(Sigv4, RefusesARequestThatLostASignedHeader) {
  test::TestRequest request = signed_request();
  request.head.headers.erase("content-type");
  EXPECT_EQ(code_of(verified_at(request, signing_second)), "SignatureDoesNotMatch");
}

TEST(Sigv4, TakesTheAuthorityOfHttp2ForASignedHost) {
  test::TestRequest request = signed_request();
  request.head.http_major = 2;
  request.head.headers.erase("host");
  EXPECT_EQ(code_of(verified_at(request, signing_second)), "accepted");
}

TEST(Sigv4, RefusesAWrongSecret) {
  Expectation expected{"sqs", Dialect::query, test::instant(signing_second)};
  EXPECT_EQ(code_of(verified(signed_request(), expected, "another secret")), "SignatureDoesNotMatch");
}

TEST(Sigv4, ExplainsAMismatchWithTheStringsItComputed) {
  test::TestRequest request = signed_request();
  request.head.query = "a=b";
  std::string message = message_of(verified_at(request, signing_second));
  EXPECT_TRUE(
      message.starts_with("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
                          "Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this "
                          "request should have been\n'POST\n/\na=b\ncontent-type:application/x-amz-json-1.0\nhost:localhost:4566\n"))
      << message;
  EXPECT_NE(
      message.find("\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261122T191332Z\n20261122/us-east-1/sqs/aws4_request\n"),
      std::string::npos)
      << message;
  EXPECT_EQ(message.find(example_credentials().secret), std::string::npos);
}

TEST(Sigv4, AllowsFiveMinutesOfSkewEachWay) {
  EXPECT_EQ(code_of(verified_at(signed_request(), "20261122T191832Z")), "accepted");
  EXPECT_EQ(code_of(verified_at(signed_request(), "20261122T190832Z")), "accepted");
}

TEST(Sigv4, RefusesExpiredSignaturesInAwsWords) {
  auto result = verified_at(signed_request(), "20261122T191833Z");
  EXPECT_EQ(code_of(result), "SignatureDoesNotMatch");
  EXPECT_EQ(message_of(result), "Signature expired: 20261122T191332Z is now earlier than 20261122T191333Z (20261122T191833Z - 5 min.)");
}

TEST(Sigv4, RefusesSignaturesOfTheFutureInAwsWords) {
  auto result = verified_at(signed_request(), "20261122T190831Z", Dialect::json);
  EXPECT_EQ(code_of(result), "InvalidSignatureException");
  EXPECT_EQ(message_of(result),
            "Signature not yet current: 20261122T191332Z is still later than 20261122T191331Z (20261122T190831Z + 5 min.)");
}

TEST(Sigv4, GivesS3FifteenMinutesAndItsOwnCode) {
  test::TestRequest request = signed_request("s3");
  auto at = [&](std::string_view now) { return code_of(verified(request, {"s3", Dialect::s3, test::instant(now)})); };
  EXPECT_EQ(at("20261122T192832Z"), "accepted");
  EXPECT_EQ(at("20261122T192833Z"), "RequestTimeTooSkewed");
}

TEST(Sigv4, TakesTheHeadersHashForS3AndTheBodyUnread) {
  test::TestRequest request = send_message_request();
  sign(request.head, example_credentials(), "us-east-1", "s3", unsigned_payload, test::instant(signing_second));
  Expectation expected{"s3", Dialect::s3, test::instant(signing_second)};
  auto parsed = parse_sigv4_header(request.head, expected.dialect);
  ASSERT_TRUE(parsed);
  SigningKeyCache keys;
  auto read_body = []() -> std::string { throw std::logic_error("the body was read"); };
  auto result = check_signature(request.head, *parsed, example_credentials().secret, expected, read_body, keys);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, unsigned_payload);
}

TEST(Sigv4, RefusesUnreadableHashesForS3) {
  Expectation expected{"s3", Dialect::s3, test::instant(signing_second)};
  test::TestRequest missing = signed_request("s3");
  missing.head.headers.erase("x-amz-content-sha256");
  EXPECT_EQ(code_of(verified(missing, expected)), "InvalidRequest");
  test::TestRequest unreadable = signed_request("s3");
  unreadable.head.headers.set("x-amz-content-sha256", "zz");
  EXPECT_EQ(code_of(verified(unreadable, expected)), "InvalidArgument");
}

TEST(Sigv4, NamesEverythingThatIsWrongWithTheScope) {
  test::TestRequest request = signed_request();
  std::string header(request.head.headers.get("authorization"));
  auto replace = [&](std::string_view from, std::string_view to) { header.replace(header.find(from), from.size(), to); };
  replace("20261122/us-east-1/sqs/aws4_request", "20261121/nowhere/sns/aws5_request");
  request.head.headers.set("authorization", header);
  auto result = verified_at(request, signing_second);
  EXPECT_EQ(code_of(result), "SignatureDoesNotMatch");
  EXPECT_EQ(
      message_of(result),
      "Credential should be scoped to a valid region, not 'nowhere'. Credential should be scoped to correct service: 'sqs'. Credential "
      "should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. Date in Credential scope does not match YYYYMMDD "
      "from ISO-8601 version of date from HTTP: '20261121' != '20261122', from '20261122T191332Z'.");
}

TEST(Sigv4, AcceptsTheDateHeaderInPlaceOfXAmzDate) {
  // Signed by hand, for sign() always writes X-Amz-Date.
  test::TestRequest request =
      test::test_request("GET /?Action=ListQueues HTTP/1.1\nHost: localhost\nDate: Sun, 22 Nov 2026 19:13:32 GMT\n");
  std::vector<std::string_view> names = {"date", "host"};
  std::string canonical = canonical_request({request.head, names, empty_body_hash, {}});
  std::string scope = "20261122/us-east-1/sqs/aws4_request";
  std::string to_sign = "AWS4-HMAC-SHA256\n20261122T191332Z\n" + scope + "\n" + hex(sha256(canonical));
  std::string key = derive_signing_key(example_credentials().secret, {"", "", "20261122", "us-east-1", "sqs", "aws4_request"});
  request.head.headers.set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + scope +
                                                ",SignedHeaders=date;host,Signature=" + hex(hmac_sha256(key, to_sign)));
  EXPECT_EQ(message_of(verified_at(request, signing_second)), "accepted");
}

TEST(Sigv4, SignsSessionTokens) {
  test::TestRequest request = send_message_request();
  SigningCredentials credentials = example_credentials();
  credentials.session_token = "a session's token";
  sign(request.head, credentials, "us-east-1", "sqs", hex(sha256(request.body)), test::instant(signing_second));
  auto parsed = parse_sigv4_header(request.head, Dialect::query);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->security_token, "a session's token");
  EXPECT_EQ(code_of(verified_at(request, signing_second)), "accepted");
  request.head.headers.set("x-amz-security-token", "another");
  EXPECT_EQ(code_of(verified_at(request, signing_second)), "SignatureDoesNotMatch");
}

TEST(SigningKeyCache, KeepsOnlyKeysThatProvedRight) {
  test::TestRequest request = signed_request();
  Expectation expected{"sqs", Dialect::query, test::instant(signing_second)};
  auto parsed = parse_sigv4_header(request.head, expected.dialect);
  ASSERT_TRUE(parsed);
  SigningKeyCache keys;
  EXPECT_FALSE(check_signature(request.head, *parsed, "wrong", expected, request.body_hash(), keys));
  EXPECT_EQ(keys.size(), 0u);
  EXPECT_TRUE(check_signature(request.head, *parsed, example_credentials().secret, expected, request.body_hash(), keys));
  EXPECT_EQ(keys.size(), 1u);
}

TEST(SigningKeyCache, IsBounded) {
  SigningKeyCache keys(10);
  for (int i = 0; i < 1000; ++i) {
    keys.keep("key" + std::to_string(i), "secret", "k");
    EXPECT_LE(keys.size(), 10u);
    EXPECT_EQ(keys.find("key" + std::to_string(i), "secret"), "k");
  }
}

}  // namespace
}  // namespace outcrop::auth
