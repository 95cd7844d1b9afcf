// Reads the query of a request presigned with Signature Version 4 (IAM User Guide, "Signature Version 4 … query
// string"): X-Amz-Algorithm, -Credential, -Date, -Expires, -SignedHeaders, -Signature and, of a session, -Security-Token.
#pragma once
#include <string_view>

#include "auth/refusal.h"
#include "auth/sigv4.h"

namespace outcrop::auth {

bool has_presigned_query(const net::RequestHead& head);

// Faults: incomplete_signature (of S3: AuthorizationQueryParametersError 400); signature_mismatch (of S3: AccessDenied 403) when the
// host or an x-amz-… header is not signed.
Result<SignedRequest> parse_presigned_query(const net::RequestHead& head, Dialect dialect);

// The credential alone, which is all that open mode wants. Empty views when it cannot be read; they lie in `storage`.
CredentialScope credential_of_presigned_query(const net::RequestHead& head, std::string& storage);

// Adds the parameters to the head's query, signing the host alone and no body.
struct PresignTime {
  Instant at;
  Seconds expires{3600};
};
void presign(net::RequestHead& head, const SigningCredentials& credentials, std::string_view region, std::string_view service,
             std::string_view payload_hash, PresignTime time);

}  // namespace outcrop::auth
