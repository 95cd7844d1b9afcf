// Signature Version 2 in a query, which boto3 still presigns for S3 behind a custom endpoint: AWSAccessKeyId, Expires,
// Signature (S3 User Guide, "Signing and authenticating REST requests"). Nothing else is accepted in this version.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::auth {

struct SigV2Query {
  std::string access_key_id;
  std::string expires;  // seconds since the epoch, as signed
  std::string signature;
  std::string security_token;  // of a session; empty for a long-term key
};

bool has_sigv2_query(const net::RequestHead& head);

// Fault: AccessDenied 403 when a parameter is missing, or when the query is no longer good at `now`.
Result<SigV2Query> parse_sigv2_query(const net::RequestHead& head, Instant now);

// `bucket` is the one the host names (virtual-hosted style), empty when the path does.
std::string sigv2_string_to_sign(const net::RequestHead& head, const SigV2Query& query, std::string_view bucket);
// Fault: SignatureDoesNotMatch 403.
Result<void> check_sigv2_query(const net::RequestHead& head, const SigV2Query& query, std::string_view secret, std::string_view bucket);

}  // namespace outcrop::auth
