#include "auth/authenticator.h"

#include <algorithm>

#include "auth/authorization_header.h"
#include "auth/presigned_query.h"
#include "auth/query_parameters.h"
#include "auth/session.h"
#include "auth/sigv2_query.h"

namespace outcrop::auth {

namespace {

// Enough to be part of keys and ARNs: open mode takes "local" as well as "eu-central-1".
bool is_region_name(std::string_view text) {
  return !text.empty() && text.size() <= scope_name_characters_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string unknown_key_message(Dialect dialect) {
  return dialect == Dialect::s3 ? "The AWS Access Key Id you provided does not exist in our records."
                                : "The security token included in the request is invalid.";
}

std::unexpected<Fault> expired_session(Dialect dialect) {
  return fail(refuse(dialect, Refusal::expired_token,
                     dialect == Dialect::s3 ? "The provided token has expired." : "The security token included in the request is expired"));
}

std::unexpected<Fault> refused_bearer(std::string_view message) { return fail("AccessDeniedException", 403, std::string(message)); }
constexpr std::string_view unknown_bearer = "Authentication failed: Please make sure your API Key is valid.";

bool has_credentials(const net::RequestHead& head) {
  return head.headers.find("authorization") || has_presigned_query(head) || has_sigv2_query(head);
}

Caller anonymous() {
  return Caller{{.kind = Identity::Kind::anonymous, .account = std::string(default_account)}, std::string(default_region), "", "", {}};
}

// "AKID%2F20261122%2Fus-east-1%2Fsts%2Faws4_request", or with plain slashes.
std::string_view service_of_encoded_credential(std::string_view credential) {
  for (int element = 0; element < 3; ++element) {
    size_t at = std::min(credential.find('/'), std::min(credential.find("%2F"), credential.find("%2f")));
    if (at == std::string_view::npos) return {};
    credential.remove_prefix(at + (credential[at] == '/' ? 1 : 3));
  }
  size_t end = credential.find_first_of("/%");
  return end == std::string_view::npos ? std::string_view() : credential.substr(0, end);
}

}  // namespace

std::string_view scope_service(const net::RequestHead& head) {
  if (has_sigv4_header(head)) {
    Result<CredentialScope> scope = parse_credential_of_header(head, Dialect::query);
    return scope ? scope->service : std::string_view();
  }
  if (std::optional<std::string_view> credential = find_query_parameter(head.query, "X-Amz-Credential"))
    return service_of_encoded_credential(*credential);
  return has_sigv2_query(head) ? "s3" : "";
}

Result<Caller> Authenticator::authenticate(const net::RequestHead& head, const BodyHash& body_hash, const Addressed& addressed) {
  if (mode_ == Mode::open) return accept(head, addressed);
  if (addressed.may_be_unsigned && !has_credentials(head)) return anonymous();
  if (takes_bearer_keys(addressed.signing_name))
    if (std::optional<std::string_view> bearer = bearer_of(head)) return verify_bearer(*bearer, addressed);
  const bool is_in_query = !has_sigv4_header(head);
  if (is_in_query && addressed.dialect == Dialect::s3 && has_sigv2_query(head)) return verify_sigv2(head, addressed);
  Result<SignedRequest> request = is_in_query && has_presigned_query(head) ? parse_presigned_query(head, addressed.dialect)
                                                                           : parse_sigv4_header(head, addressed.dialect);
  if (!request) return fail(std::move(request.error()));
  return verify_sigv4(head, *request, body_hash, {addressed.signing_name, addressed.dialect, clock_.real_wall()});
}

Result<Caller> Authenticator::verify_sigv4(const net::RequestHead& head, const SignedRequest& request, const BodyHash& body_hash,
                                           const Expectation& expected) {
  Result<void> scope = check_scope(request, expected);
  if (!scope) return fail(std::move(scope.error()));
  auto key = key_of(request.credential.access_key_id, request.security_token, expected.dialect);
  if (!key) return fail(std::move(key.error()));
  Result<std::string> payload_hash = check_signature(head, request, (*key)->secret, expected, body_hash, signing_keys_);
  if (!payload_hash) return fail(std::move(payload_hash.error()));
  const CredentialScope& credential = request.credential;
  Caller caller{(*key)->identity, std::string(credential.region), std::string(credential.service), std::move(*payload_hash), {}};
  if (caller.payload_hash.starts_with("STREAMING-AWS4-")) {
    caller.payload_signing =
        PayloadSigning{(*key)->secret, caller.region, caller.signing_name, request.timestamp, std::string(request.signature)};
  }
  return caller;
}

Result<Caller> Authenticator::verify_sigv2(const net::RequestHead& head, const Addressed& addressed) const {
  Result<SigV2Query> query = parse_sigv2_query(head, clock_.real_wall());
  if (!query) return fail(std::move(query.error()));
  auto key = key_of(query->access_key_id, query->security_token, addressed.dialect);
  if (!key) return fail(std::move(key.error()));
  Result<void> signature = check_sigv2_query(head, *query, (*key)->secret, addressed.bucket);
  if (!signature) return fail(std::move(signature.error()));
  return Caller{(*key)->identity, std::string(default_region), "s3", std::string(unsigned_payload), {}};
}

Result<Caller> Authenticator::verify_bearer(std::string_view bearer, const Addressed& addressed) {
  if (std::optional<Identity> identity = authorities_.bearer_keys.find(bearer))
    return Caller{
        std::move(*identity), std::string(default_region), std::string(addressed.signing_name), std::string(unsigned_payload), {}};
  std::optional<net::RequestHead> presigned = presigned_request_of(bearer);
  if (!presigned) return refused_bearer(unknown_bearer);
  Result<SignedRequest> request = parse_presigned_query(*presigned, addressed.dialect);
  if (!request) return refused_bearer(unknown_bearer);
  if (request->signed_at + *request->expires < clock_.real_wall()) return refused_bearer("Bearer Token has expired");
  auto no_body = [] { return std::string(empty_body_hash); };
  Result<Caller> caller = verify_sigv4(*presigned, *request, no_body, {addressed.signing_name, addressed.dialect, clock_.real_wall()});
  if (!caller) return refused_bearer(unknown_bearer);
  caller->payload_hash = unsigned_payload;
  return caller;
}

Result<std::shared_ptr<const AccessKey>> Authenticator::key_of(std::string_view access_key_id, std::string_view session_token,
                                                               Dialect dialect) const {
  std::shared_ptr<const AccessKey> key;
  if (session_token.empty()) {
    if (authorities_.keys) key = authorities_.keys->find(access_key_id, {});
  } else if (authorities_.sessions) {
    key = authorities_.sessions->find(access_key_id, session_token);
  }
  if (!key) return fail(refuse(dialect, Refusal::unknown_key, unknown_key_message(dialect)));
  if (key->identity.session && key->identity.session->expires_at <= clock_.wall()) return expired_session(dialect);
  return key;
}

Result<Caller> Authenticator::accept(const net::RequestHead& head, const Addressed& addressed) const {
  std::string decoded, session_token(head.headers.get("x-amz-security-token"));
  CredentialScope scope;
  if (has_sigv4_header(head)) {
    Result<CredentialScope> read = parse_credential_of_header(head, addressed.dialect);
    if (!read) return fail(std::move(read.error()));
    scope = *read;
  } else if (has_presigned_query(head)) {
    scope = credential_of_presigned_query(head, decoded);
    session_token = decoded_query_parameter(head.query, "X-Amz-Security-Token");
  } else if (has_sigv2_query(head)) {
    decoded = decoded_query_parameter(head.query, "AWSAccessKeyId");
    scope.access_key_id = decoded;
    session_token = decoded_query_parameter(head.query, "x-amz-security-token");
  }
  std::string_view account = is_account_id(scope.access_key_id) ? scope.access_key_id : default_account;
  std::string_view region = is_region_name(scope.region) ? scope.region : default_region;
  Caller caller{root_of(account, scope.access_key_id), std::string(region), std::string(scope.service), "", {}};
  if (std::shared_ptr<const AccessKey> key =
          authorities_.sessions ? authorities_.sessions->find(scope.access_key_id, session_token) : nullptr) {
    if (key->identity.session->expires_at <= clock_.wall()) return expired_session(addressed.dialect);
    caller.identity = key->identity;
  }
  return caller;
}

}  // namespace outcrop::auth
