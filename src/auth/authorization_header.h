// Reads the Authorization header of a request signed with Signature Version 4, and says what is wrong with one that
// cannot be read as AWS says it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/refusal.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::auth {

// "AKIDEXAMPLE/20260101/us-east-1/sqs/aws4_request": who signed, for which day, region and service.
struct CredentialScope {
  std::string_view text;  // all five elements
  std::string_view access_key_id, date, region, service, terminator;

  // What stands in the string to sign: everything behind the access key id.
  std::string_view without_key() const { return text.substr(access_key_id.size() + 1); }
};

// The views lie in the request head.
struct SignedRequest {
  CredentialScope credential;
  std::vector<std::string_view> signed_headers;  // as listed: lower case when the client keeps to the specification
  std::string_view signature;                    // hex
  std::string_view security_token;               // of a session; empty for a long-term key
  std::string timestamp;                         // when it was signed, in the basic form that is itself signed
  Instant signed_at;
};

inline constexpr std::string_view sigv4_algorithm = "AWS4-HMAC-SHA256";

// Whether the head carries a SigV4 Authorization header at all, readable or not.
bool has_sigv4_header(const net::RequestHead& head);

// Faults: missing_token, incomplete_signature, signature_mismatch (the host is not signed).
Result<SignedRequest> parse_sigv4_header(const net::RequestHead& head, Dialect dialect);

// The credential alone, which is all that open mode wants of a header. Faults: incomplete_signature.
Result<CredentialScope> parse_credential_of_header(const net::RequestHead& head, Dialect dialect);

// The service of the credential scope, "sqs", by which requests are routed before they are authenticated; empty when there is
// none. Lies in the head.
std::string_view scope_service(const net::RequestHead& head);

}  // namespace outcrop::auth
