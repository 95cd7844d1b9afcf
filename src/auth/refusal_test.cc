#include "auth/refusal.h"

#include <gtest/gtest.h>

namespace outcrop::auth {
namespace {

TEST(Refusal, HasTheCodeAndStatusOfEachFamily) {
  auto refused = [](Dialect dialect, Refusal refusal) {
    Fault fault = refuse(dialect, refusal, "why");
    EXPECT_EQ(fault.message, "why");
    return fault.code + " " + std::to_string(fault.status);
  };
  EXPECT_EQ(refused(Dialect::query, Refusal::unknown_key), "InvalidClientTokenId 403");
  EXPECT_EQ(refused(Dialect::json, Refusal::unknown_key), "UnrecognizedClientException 400");
  EXPECT_EQ(refused(Dialect::query_compatible_json, Refusal::unknown_key), "UnrecognizedClientException 403");
  EXPECT_EQ(refused(Dialect::rest_json, Refusal::signature_mismatch), "InvalidSignatureException 403");
  EXPECT_EQ(refused(Dialect::query, Refusal::incomplete_signature), "IncompleteSignature 400");
  EXPECT_EQ(refused(Dialect::s3, Refusal::incomplete_signature), "AuthorizationHeaderMalformed 400");
  EXPECT_EQ(refused(Dialect::s3, Refusal::unknown_key), "InvalidAccessKeyId 403");
  EXPECT_EQ(refused(Dialect::query_compatible_json, Refusal::access_denied), "AccessDeniedException 403");
  EXPECT_EQ(refused(Dialect::query, Refusal::expired_token), "ExpiredToken 403");
}

}  // namespace
}  // namespace outcrop::auth
