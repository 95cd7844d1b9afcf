#include "auth/authenticator.h"

#include <algorithm>

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

}  // namespace

Result<Caller> Authenticator::authenticate(const net::RequestHead& head, const BodyHash& body_hash, const Addressed& addressed) {
  if (mode_ == Mode::open) return accept(head, addressed);
  Expectation expected{addressed.signing_name, addressed.dialect, clock_.real_wall()};
  Result<SignedRequest> request = parse_sigv4_header(head, expected.dialect);
  if (!request) return fail(std::move(request.error()));
  Result<void> scope = check_scope(*request, expected);
  if (!scope) return fail(std::move(scope.error()));
  std::shared_ptr<const AccessKey> key = keys_->find(request->credential.access_key_id, request->security_token);
  if (!key) return fail(refuse(expected.dialect, Refusal::unknown_key, unknown_key_message(expected.dialect)));
  Result<std::string> payload_hash = check_signature(head, *request, key->secret, expected, body_hash, signing_keys_);
  if (!payload_hash) return fail(std::move(payload_hash.error()));
  return Caller{key->identity, std::string(request->credential.region), std::string(request->credential.service), std::move(*payload_hash)};
}

Result<Caller> Authenticator::accept(const net::RequestHead& head, const Addressed& addressed) const {
  if (!has_sigv4_header(head)) return Caller{root_of(default_account, ""), std::string(default_region), "", ""};
  Result<CredentialScope> scope = parse_credential_of_header(head, addressed.dialect);
  if (!scope) return fail(std::move(scope.error()));
  std::string_view account = is_account_id(scope->access_key_id) ? scope->access_key_id : default_account;
  std::string_view region = is_region_name(scope->region) ? scope->region : default_region;
  return Caller{root_of(account, scope->access_key_id), std::string(region), std::string(scope->service), ""};
}

}  // namespace outcrop::auth
