#include "auth/refusal.h"

#include <array>

#include "base/check.h"
#include "wire/query_codes.h"

namespace outcrop::auth {

namespace {

struct RefusalCode {
  Refusal refusal;
  std::string_view json, s3;  // the query services' is in wire/query_codes.h
  int query_status, s3_status;
};

// IAM API reference, "Common errors" (query); DynamoDB developer guide, "Error messages" (json); S3 API reference, "Error responses".
// SQS answers its JSON callers with 403 where DynamoDB answers 400.
constexpr std::array<RefusalCode, 7> refusal_codes = {{
    {Refusal::missing_token, "MissingAuthenticationTokenException", "AccessDenied", 403, 403},
    {Refusal::incomplete_signature, "IncompleteSignatureException", "AuthorizationHeaderMalformed", 400, 400},
    {Refusal::unknown_key, "UnrecognizedClientException", "InvalidAccessKeyId", 403, 403},
    {Refusal::signature_mismatch, "InvalidSignatureException", "SignatureDoesNotMatch", 403, 403},
    {Refusal::outside_time_window, "InvalidSignatureException", "RequestTimeTooSkewed", 403, 403},
    {Refusal::expired_token, "ExpiredTokenException", "ExpiredToken", 403, 400},
    {Refusal::access_denied, "AccessDeniedException", "AccessDenied", 403, 403},
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
      return {std::string(wire::query_code_of(code.json)), code.query_status, std::move(message)};
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

}  // namespace outcrop::auth
