// AWS's own SigV4 vectors, as its SDKs carry them; skipped where the folder is absent.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "auth/authorization_header.h"
#include "auth/sigv4.h"
#include "auth/testing/requests.h"
#include "json/json.h"

namespace outcrop::auth {
namespace {

struct Vector {
  std::string id;
  json::Value json;

  std::string text(std::string_view name) const { return std::string(json.find(name)->as_string()); }
  std::string credential(std::string_view name) const { return std::string(json.find("credentials")->find(name)->as_string()); }
};

std::vector<Vector> read_vectors(const std::string& path) {
  std::vector<Vector> vectors;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    auto value = json::parse(line);
    EXPECT_TRUE(value) << line;
    if (value) vectors.push_back({std::string(value->find("id")->as_string()), std::move(*value)});
  }
  return vectors;
}

// One vector's signed request carries another signature than its authorization, which is the one that is right.
test::TestRequest signed_request_of(const Vector& vector) {
  test::TestRequest request = test::test_request(vector.text("signed_request"));
  request.head.headers.set("Authorization", vector.text("authorization"));
  return request;
}

class Sigv4Conformance : public testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("OUTCROP_CONFORMANCE");
    if (root == nullptr) GTEST_SKIP() << "OUTCROP_CONFORMANCE is not set: AWS's SigV4 vectors are not checked";
    vectors = read_vectors(std::string(root) + "/sigv4/cases.jsonl");
    ASSERT_EQ(vectors.size(), 21u);
  }
  std::vector<Vector> vectors;
};

TEST_F(Sigv4Conformance, CanonicalRequestsAreAws) {
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.id);
    test::TestRequest request = signed_request_of(vector);
    auto parsed = parse_sigv4_header(request.head, Dialect::query);
    ASSERT_TRUE(parsed) << parsed.error().message;
    std::string payload = hex(sha256(request.body));
    EXPECT_EQ(canonical_request({request.head, parsed->signed_headers, payload, {}}), vector.text("canonical_request"));
  }
}

TEST_F(Sigv4Conformance, SignedRequestsAreAccepted) {
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.id);
    test::TestRequest request = signed_request_of(vector);
    Expectation expected{"service", Dialect::query, test::instant(vector.credential("date"))};
    auto parsed = parse_sigv4_header(request.head, expected.dialect);
    ASSERT_TRUE(parsed) << parsed.error().message;
    auto in_scope = check_scope(*parsed, expected);
    EXPECT_TRUE(in_scope) << in_scope.error().message;
    SigningKeyCache keys;
    for (bool cached : {false, true}) {
      EXPECT_EQ(keys.size(), cached ? 1u : 0u);
      auto signature = check_signature(request.head, *parsed, vector.credential("secret_key"), expected, request.body_hash(), keys);
      EXPECT_TRUE(signature) << signature.error().message;
    }
  }
}

TEST_F(Sigv4Conformance, SigningMakesTheSameHeader) {
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.id);
    test::TestRequest request = test::test_request(vector.text("request"));
    SigningCredentials credentials{vector.credential("access_key"), vector.credential("secret_key"),
                                   std::string(signed_request_of(vector).head.headers.get("x-amz-security-token"))};
    sign(request.head, credentials, vector.credential("region"), vector.credential("service"), hex(sha256(request.body)),
         test::instant(vector.credential("date")));
    EXPECT_EQ(request.head.headers.get("authorization"), vector.text("authorization"));
  }
}

}  // namespace
}  // namespace outcrop::auth
