// Refusals: the ways authentication and authorisation say no, in the words of each family of AWS services. The same failure has
// another code and another status in the query services, the JSON services, the REST services and S3.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::auth {

// Which family's codes a service answers with.
enum class Dialect {
  query,                  // awsQuery, restXml except S3: "SignatureDoesNotMatch" 403
  json,                   // awsJson: "InvalidSignatureException" 400
  query_compatible_json,  // awsJson of a service that kept its query codes (SQS, CloudWatch): as json, but 403
  rest_json,              // restJson: "InvalidSignatureException" 403
  s3,                     // its own: "AuthorizationHeaderMalformed", "InvalidAccessKeyId", …
};

enum class Refusal {
  missing_token,         // no credentials at all
  incomplete_signature,  // credentials that cannot be read
  unknown_key,           // an access key id or session token nobody was given
  signature_mismatch,    // a wrong signature, scope or signing date
  outside_time_window,   // signed too long ago or in the future
  expired_token,         // a session that has ended
  access_denied,         // known, and not permitted
};

Fault refuse(Dialect dialect, Refusal refusal, std::string message);

}  // namespace outcrop::auth
