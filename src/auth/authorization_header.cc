#include "auth/authorization_header.h"

#include <algorithm>
#include <array>

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

Result<CredentialScope> split_credential(std::string_view text, Dialect dialect) {
  std::array<std::string_view, 5> parts;
  size_t count = 0, begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '/') continue;
    if (count < parts.size()) parts[count] = text.substr(begin, i - begin);
    ++count;
    begin = i + 1;
  }
  bool complete = count == parts.size() && std::ranges::none_of(parts, &std::string_view::empty);
  bool bounded = parts[0].size() <= access_key_id_characters_max && parts[2].size() <= scope_name_characters_max &&
                 parts[3].size() <= scope_name_characters_max;
  if (!complete || !bounded) {
    return incomplete(dialect, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
                                   std::string(text.substr(0, 4 * access_key_id_characters_max)) + "'");
  }
  return CredentialScope{text, parts[0], parts[1], parts[2], parts[3], parts[4]};
}

Result<std::vector<std::string_view>> split_signed_headers(std::string_view text, Dialect dialect) {
  std::vector<std::string_view> names;
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find(';', at), text.size());
    if (end > at) names.push_back(text.substr(at, end - at));
    at = end + 1;
    if (names.size() > signed_headers_max) return incomplete(dialect, "Authorization header lists too many 'SignedHeaders'.");
  }
  return names;
}

bool lists(const std::vector<std::string_view>& names, std::string_view wanted) {
  return std::ranges::any_of(names, [&](std::string_view name) { return ascii_equal_ignoring_case(name, wanted); });
}

// The host, and every x-amz-… header there is: what is not signed could be changed on the way. X-Amz-Cf-Id is added by CloudFront.
Result<void> require_signed(const net::RequestHead& head, const std::vector<std::string_view>& names, Dialect dialect) {
  if (!lists(names, "host") && !lists(names, ":authority")) {
    return fail(refuse(dialect, Refusal::signature_mismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
  }
  for (const net::Header& header : head.headers) {
    if (header.name.size() < 6 || !ascii_equal_ignoring_case(std::string_view(header.name).substr(0, 6), "x-amz-")) continue;
    if (lists(names, header.name) || ascii_equal_ignoring_case(header.name, "x-amz-cf-id")) continue;
    return fail(refuse(dialect, Refusal::signature_mismatch, "'" + header.name + "' must be a 'SignedHeader' in the AWS Authorization."));
  }
  return {};
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

std::string_view scope_service(const net::RequestHead& head) {
  if (!has_sigv4_header(head)) return {};
  Result<CredentialScope> scope = parse_credential_of_header(head, Dialect::query);
  return scope ? scope->service : std::string_view();
}

Result<CredentialScope> parse_credential_of_header(const net::RequestHead& head, Dialect dialect) {
  Result<Parameters> parameters = read_parameters(head, dialect);
  if (!parameters) return fail(std::move(parameters.error()));
  if (parameters->credential.empty()) {
    return incomplete(dialect,
                      "Authorization header requires 'Credential' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=" +
                          hashed(head.headers.get("authorization")));
  }
  return split_credential(parameters->credential, dialect);
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
  Result<std::vector<std::string_view>> names = split_signed_headers(parameters->signed_headers, dialect);
  if (!names) return fail(std::move(names.error()));
  request.signed_headers = std::move(*names);
  Result<void> all_signed = require_signed(head, request.signed_headers, dialect);
  if (!all_signed) return fail(std::move(all_signed.error()));
  Result<void> dated = read_signing_time(amz_date, date, dialect, request);
  if (!dated) return fail(std::move(dated.error()));
  Result<CredentialScope> credential = split_credential(parameters->credential, dialect);
  if (!credential) return fail(std::move(credential.error()));
  request.credential = *credential;
  request.signature = parameters->signature;
  request.security_token = head.headers.get("x-amz-security-token");
  return request;
}

}  // namespace outcrop::auth
