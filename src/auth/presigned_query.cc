#include "auth/presigned_query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "auth/query_parameters.h"
#include "auth/time_text.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

enum PresignedParameter : size_t { algorithm, credential, date, expires, signed_headers, signature, security_token, content_sha256 };
constexpr std::array<std::string_view, 8> presigned_names = {"X-Amz-Algorithm",      "X-Amz-Credential",    "X-Amz-Date",
                                                             "X-Amz-Expires",        "X-Amz-SignedHeaders", "X-Amz-Signature",
                                                             "X-Amz-Security-Token", "X-Amz-Content-Sha256"};
constexpr size_t presigned_required = 6;  // the first of them

// S3 has a code of its own for what is wrong with the query.
std::unexpected<Fault> malformed(Dialect dialect, std::string_view s3_text, std::string other_text) {
  if (dialect == Dialect::s3) return fail("AuthorizationQueryParametersError", 400, std::string(s3_text));
  return fail(refuse(dialect, Refusal::incomplete_signature, std::move(other_text)));
}

std::unexpected<Fault> missing(Dialect dialect, std::string_view name) {
  return malformed(dialect,
                   "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, "
                   "X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
                   fmt::format("AWS query-string parameters must include '{}'. Re-examine the query-string parameters.", name));
}

Result<Seconds> read_expires(std::string_view text, Dialect dialect) {
  int64_t seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number && error != std::errc::result_out_of_range)
    return malformed(dialect, "X-Amz-Expires should be a number", "X-Amz-Expires should be a number");
  if (is_number && seconds < 1) {
    return malformed(dialect, "X-Amz-Expires must be non-negative", "X-Amz-Expires must be at least 1 second.");
  }
  if (!is_number || Seconds(seconds) > presigned_expiry_max) {
    constexpr std::string_view text =
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds";
    return malformed(dialect, text, std::string(text));
  }
  return Seconds(seconds);
}

Result<void> require_presigned_headers(const net::RequestHead& head, const SignedRequest& request, Dialect dialect) {
  bool is_s3 = dialect == Dialect::s3;
  if (!signs_host(request.signed_headers)) {
    return fail(refuse(dialect, Refusal::signature_mismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
  }
  std::string_view name = unsigned_amz_header(head, request.signed_headers);
  if (name.empty()) return {};
  if (is_s3) return fail("AccessDenied", 403, "There were headers present in the request which were not signed");
  return fail(refuse(dialect, Refusal::signature_mismatch, fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", name)));
}

}  // namespace

bool has_presigned_query(const net::RequestHead& head) {
  return find_query_parameter(head.query, presigned_names[algorithm]) || find_query_parameter(head.query, presigned_names[signature]);
}

CredentialScope credential_of_presigned_query(const net::RequestHead& head, std::string& storage) {
  storage = decoded_query_parameter(head.query, presigned_names[credential]);
  return split_credential(storage).value_or(CredentialScope{});
}

Result<SignedRequest> parse_presigned_query(const net::RequestHead& head, Dialect dialect) {
  auto decoded = std::make_shared<std::vector<std::string>>();
  for (std::string_view name : presigned_names) decoded->push_back(decoded_query_parameter(head.query, name));
  const std::vector<std::string>& values = *decoded;
  for (size_t i = 0; i < presigned_required; ++i)
    if (values[i].empty()) return missing(dialect, presigned_names[i]);
  if (values[algorithm] != sigv4_algorithm) {
    return malformed(dialect, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
                     "Unsupported AWS 'algorithm': '" + values[algorithm].substr(0, 64) + "'.");
  }

  SignedRequest request;
  std::optional<CredentialScope> scope = split_credential(values[credential]);
  if (!scope) {
    return malformed(dialect,
                     "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
                     "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
                     fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{}'",
                                 values[credential].substr(0, 4 * access_key_id_characters_max)));
  }
  request.credential = *scope;
  std::optional<Instant> at = parse_iso8601_basic(values[date]);
  if (!at) {
    return malformed(dialect, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
                     fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601",
                                 values[date].substr(0, 64)));
  }
  request.signed_at = *at;
  request.timestamp = values[date];
  Result<Seconds> expiry = read_expires(values[expires], dialect);
  if (!expiry) return fail(std::move(expiry.error()));
  request.expires = *expiry;
  std::optional<std::vector<std::string_view>> names = split_signed_headers(values[signed_headers]);
  if (!names) return malformed(dialect, "X-Amz-SignedHeaders lists too many headers", "X-Amz-SignedHeaders lists too many headers.");
  request.signed_headers = std::move(*names);
  request.signature = values[signature];
  request.security_token = values[security_token];
  request.payload_hash = values[content_sha256];
  request.decoded = std::move(decoded);
  Result<void> all_signed = require_presigned_headers(head, request, dialect);
  if (!all_signed) return fail(std::move(all_signed.error()));
  return request;
}

void presign(net::RequestHead& head, const SigningCredentials& credentials, std::string_view region, std::string_view service,
             std::string_view payload_hash, PresignTime time) {
  std::string timestamp = iso8601_basic(time.at);
  std::string credential_text = fmt::format("{}/{}/{}/{}/aws4_request", credentials.access_key_id, timestamp.substr(0, 8), region, service);
  auto add = [&](PresignedParameter parameter, std::string_view value) {
    if (!head.query.empty()) head.query += '&';
    head.query += fmt::format("{}={}", presigned_names[parameter], percent_encode(value));
  };
  const std::vector<std::string_view> names = {head.http_major >= 2 ? ":authority" : "host"};
  add(algorithm, sigv4_algorithm);
  add(credential, credential_text);
  add(date, timestamp);
  add(expires, std::to_string(time.expires.count()));
  add(signed_headers, names.front());
  if (!credentials.session_token.empty()) add(security_token, credentials.session_token);
  CredentialScope scope = *split_credential(credential_text);
  std::string canonical = canonical_request({head, names, payload_hash, SigningRules::of(service)});
  add(signature, signature_v4(derive_signing_key(credentials.secret, scope), string_to_sign(timestamp, scope.without_key(), canonical)));
}

}  // namespace outcrop::auth
