#include "auth/refusal.h"

#include <array>

#include "base/check.h"

namespace outcrop::auth {

namespace {

struct RefusalCode {
  Refusal refusal;
  std::string_view query, json, s3;
  int query_status, s3_status;
};

// IAM API reference, "Common errors" (query); DynamoDB developer guide, "Error messages" (json); S3 API reference, "Error responses".
// SQS answers its JSON callers with 403 where DynamoDB answers 400.
constexpr std::array<RefusalCode, 7> refusal_codes = {{
    {Refusal::missing_token, "MissingAuthenticationToken", "MissingAuthenticationTokenException", "AccessDenied", 403, 403},
    {Refusal::incomplete_signature, "IncompleteSignature", "IncompleteSignatureException", "AuthorizationHeaderMalformed", 400, 400},
    {Refusal::unknown_key, "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", 403, 403},
    {Refusal::signature_mismatch, "SignatureDoesNotMatch", "InvalidSignatureException", "SignatureDoesNotMatch", 403, 403},
    {Refusal::outside_time_window, "SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed", 403, 403},
    {Refusal::expired_token, "ExpiredToken", "ExpiredTokenException", "ExpiredToken", 403, 400},
    {Refusal::access_denied, "AccessDenied", "AccessDeniedException", "AccessDenied", 403, 403},
}};

const RefusalCode& code_of(Refusal refusal) {
  for (const RefusalCode& code : refusal_codes)
    if (code.refusal == refusal) return code;
  check_failed("a refusal without a code", std::source_location::current());
}

}  // namespace

Fault refuse(Dialect dialect, Refusal refusal, std::string message) {
  const RefusalCode& code = code_of(refusal);
  switch (dialect) {
    case Dialect::query:
      return {std::string(code.query), code.query_status, std::move(message)};
    case Dialect::json:
      return {std::string(code.json), 400, std::move(message)};
    case Dialect::query_compatible_json:
    case Dialect::rest_json:
      return {std::string(code.json), 403, std::move(message)};
    case Dialect::s3:
      return {std::string(code.s3), code.s3_status, std::move(message)};
  }
  check_failed("an unknown dialect", std::source_location::current());
}

std::string_view query_code_of(std::string_view json_code) {
  for (const RefusalCode& code : refusal_codes)
    if (code.json == json_code) return code.query;
  return {};
}

}  // namespace outcrop::auth
