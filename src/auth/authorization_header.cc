#include "auth/authorization_header.h"

#include <algorithm>

#include "auth/limits.h"
#include "auth/time_text.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "wire/date_text.h"

namespace outcrop::auth {

namespace {

struct Parameters {
  std::string_view algorithm;
  std::string_view credential, signed_headers, signature;  // empty when missing
};

std::unexpected<Fault> incomplete(Dialect dialect, std::string message) {
  return fail(refuse(dialect, Refusal::incomplete_signature, std::move(message)));
}

// AWS shows the header it complains about only as a hash, lest a secret ends up in a log.
std::string hashed(std::string_view authorization) { return base64(sha256(authorization)); }

bool separates(char c) { return c == ' ' || c == ',' || c == '\t'; }

// "ALGORITHM Credential=…, SignedHeaders=…, Signature=…", in any order, separated by commas, blanks or both.
Result<Parameters> split_parameters(std::string_view authorization, Dialect dialect) {
  Parameters parameters;
  size_t at = std::min(authorization.find(' '), authorization.size());
  parameters.algorithm = authorization.substr(0, at);
  while (at < authorization.size()) {
    if (separates(authorization[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < authorization.size() && !separates(authorization[end])) ++end;
    std::string_view part = authorization.substr(at, end - at);
    at = end;
    size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      return incomplete(dialect,
                        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
                        "Base64): '" +
                            hashed(authorization) + "'.");
    }
    std::string_view name = part.substr(0, equals), value = part.substr(equals + 1);
    if (name == "Credential") parameters.credential = value;
    if (name == "SignedHeaders") parameters.signed_headers = value;
    if (name == "Signature") parameters.signature = value;
  }
  return parameters;
}

// Everything that is missing, in one message as AWS has it.
Result<void> require_all(const Parameters& parameters, bool has_date, std::string_view authorization, Dialect dialect) {
  std::string missing;
  if (parameters.credential.empty()) missing += "Authorization header requires 'Credential' parameter. ";
  if (parameters.signature.empty()) missing += "Authorization header requires 'Signature' parameter. ";
  if (parameters.signed_headers.empty()) missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (!has_date) missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  if (missing.empty()) return {};
  return incomplete(dialect, missing + "(Hashed with SHA-256 and encoded with Base64) Authorization=" + hashed(authorization));
}

Result<CredentialScope> credential_of(std::string_view text, Dialect dialect) {
  if (std::optional<CredentialScope> scope = split_credential(text)) return *scope;
  return incomplete(dialect, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
                                 std::string(text.substr(0, 4 * access_key_id_characters_max)) + "'");
}

Result<void> require_signed(const net::RequestHead& head, const std::vector<std::string_view>& names, Dialect dialect) {
  if (!signs_host(names)) {
    return fail(refuse(dialect, Refusal::signature_mismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
  }
  std::string_view unsigned_name = unsigned_amz_header(head, names);
  if (unsigned_name.empty()) return {};
  return fail(refuse(dialect, Refusal::signature_mismatch,
                     "'" + std::string(unsigned_name) + "' must be a 'SignedHeader' in the AWS Authorization."));
}

Result<void> read_signing_time(std::string_view amz_date, std::string_view date, Dialect dialect, SignedRequest& request) {
  std::string_view text = amz_date.empty() ? date : amz_date;
  if (auto at = parse_iso8601_basic(text)) {
    request.signed_at = *at;
    request.timestamp = text;
    return {};
  }
  auto at = wire::parse_http_date(date);
  if (amz_date.empty() && at) {
    request.signed_at = *at;
    request.timestamp = iso8601_basic(*at);
    return {};
  }
  return incomplete(dialect, "Date must be in ISO-8601 'basic format'. Got '" + std::string(text.substr(0, 64)) +
                                 "'. See http://en.wikipedia.org/wiki/ISO_8601");
}

// AWS's front doors take a header without "AWS4-" for no token at all; those of the REST services try to read whatever comes.
bool counts_as_token(std::string_view authorization, Dialect dialect) {
  return !authorization.empty() && (authorization.starts_with("AWS4-") || dialect == Dialect::rest_json);
}

Result<Parameters> read_parameters(const net::RequestHead& head, Dialect dialect) {
  std::string_view authorization = head.headers.get("authorization");
  if (!counts_as_token(authorization, dialect)) {
    return fail(
        refuse(dialect, Refusal::missing_token, dialect == Dialect::s3 ? "Access Denied" : "Request is missing Authentication Token"));
  }
  if (authorization.size() > authorization_bytes_max) return incomplete(dialect, "Authorization header is too long.");
  return split_parameters(authorization, dialect);
}

}  // namespace

bool has_sigv4_header(const net::RequestHead& head) { return head.headers.get("authorization").starts_with("AWS4-"); }

Result<CredentialScope> parse_credential_of_header(const net::RequestHead& head, Dialect dialect) {
  Result<Parameters> parameters = read_parameters(head, dialect);
  if (!parameters) return fail(std::move(parameters.error()));
  if (parameters->credential.empty()) {
    return incomplete(dialect,
                      "Authorization header requires 'Credential' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=" +
                          hashed(head.headers.get("authorization")));
  }
  return credential_of(parameters->credential, dialect);
}

Result<SignedRequest> parse_sigv4_header(const net::RequestHead& head, Dialect dialect) {
  Result<Parameters> parameters = read_parameters(head, dialect);
  if (!parameters) return fail(std::move(parameters.error()));
  std::string_view amz_date = head.headers.get("x-amz-date"), date = head.headers.get("date");
  Result<void> complete = require_all(*parameters, !amz_date.empty() || !date.empty(), head.headers.get("authorization"), dialect);
  if (!complete) return fail(std::move(complete.error()));
  if (parameters->algorithm != sigv4_algorithm) {
    return incomplete(dialect, "Unsupported AWS 'algorithm': '" + std::string(parameters->algorithm.substr(0, 64)) + "'.");
  }

  SignedRequest request;
  std::optional<std::vector<std::string_view>> names = split_signed_headers(parameters->signed_headers);
  if (!names) return incomplete(dialect, "Authorization header lists too many 'SignedHeaders'.");
  request.signed_headers = std::move(*names);
  Result<void> all_signed = require_signed(head, request.signed_headers, dialect);
  if (!all_signed) return fail(std::move(all_signed.error()));
  Result<void> dated = read_signing_time(amz_date, date, dialect, request);
  if (!dated) return fail(std::move(dated.error()));
  Result<CredentialScope> credential = credential_of(parameters->credential, dialect);
  if (!credential) return fail(std::move(credential.error()));
  request.credential = *credential;
  request.signature = parameters->signature;
  request.security_token = head.headers.get("x-amz-security-token");
  return request;
}

}  // namespace outcrop::auth
