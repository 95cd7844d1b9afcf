// Reads the Authorization header of a request signed with Signature Version 4, and says what is wrong with one that
// cannot be read as AWS says it.
#pragma once
#include <string_view>

#include "auth/refusal.h"
#include "auth/signed_request.h"
#include "net/http.h"

namespace outcrop::auth {

// Whether the head carries a SigV4 Authorization header at all, readable or not.
bool has_sigv4_header(const net::RequestHead& head);

// Faults: missing_token, incomplete_signature, signature_mismatch (the host is not signed).
Result<SignedRequest> parse_sigv4_header(const net::RequestHead& head, Dialect dialect);

// The credential alone, which is all that open mode wants of a header. Faults: incomplete_signature.
Result<CredentialScope> parse_credential_of_header(const net::RequestHead& head, Dialect dialect);

}  // namespace outcrop::auth
