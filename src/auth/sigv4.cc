#include "auth/sigv4.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view scope_terminator = "aws4_request";

std::string string_to_sign(std::string_view timestamp, std::string_view scope, std::string_view canonical) {
  std::string text;
  text.reserve(256);
  text += sigv4_algorithm;
  text += '\n';
  text += timestamp;
  text += '\n';
  text += scope;
  text += '\n';
  text += hex(sha256(canonical));
  return text;
}

std::string signature_of(std::string_view key, std::string_view text) { return hex(hmac_sha256(key, text)); }

bool is_region(std::string_view text) {
  bool spelled = std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  size_t dash = text.rfind('-');
  bool numbered = dash != std::string_view::npos && dash > 0 && dash + 1 < text.size() &&
                  std::ranges::all_of(text.substr(dash + 1), [](char c) { return c >= '0' && c <= '9'; });
  return spelled && numbered;
}

// 5 minutes before and after for everybody, 15 for S3, with AWS's two texts and S3's one.
Result<void> check_time(Instant signed_at, const Expectation& expected) {
  bool is_s3 = expected.dialect == Dialect::s3;
  auto skew = is_s3 ? clock_skew_s3_max : clock_skew_max;
  std::string_view problem, comparison;
  char sign = '-';
  Instant bound = expected.now - skew;
  if (signed_at < bound) {
    problem = "Signature expired: ", comparison = " is now earlier than ";
  } else if (signed_at > expected.now + skew) {
    bound = expected.now + skew;
    problem = "Signature not yet current: ", comparison = " is still later than ", sign = '+';
  } else {
    return {};
  }
  if (is_s3) {
    return fail(refuse(expected.dialect, Refusal::outside_time_window,
                       "The difference between the request time and the current time is too large."));
  }
  return fail(refuse(expected.dialect, Refusal::outside_time_window,
                     fmt::format("{}{}{}{} ({} {} {} min.)", problem, iso8601_basic(signed_at), comparison, iso8601_basic(bound),
                                 iso8601_basic(expected.now), sign, skew.count())));
}

std::string mismatch_message(const Expectation& expected, std::string_view canonical, std::string_view to_sign) {
  if (expected.dialect == Dialect::s3)
    return "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
  return fmt::format(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. "
      "Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'{}'\n\n"
      "The String-to-Sign should have been\n'{}'\n",
      canonical, to_sign);
}

// S3 takes the hash from its header, because it answers for the signature before it reads the body.
Result<std::string> s3_payload_hash(const net::RequestHead& head) {
  std::string_view header = head.headers.get("x-amz-content-sha256");
  if (header.empty()) return fail("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
  bool is_marker = header == unsigned_payload || header.starts_with("STREAMING-");
  if (!is_marker && (header.size() != 64 || !unhex(header))) {
    return fail("InvalidArgument", 400,
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");
  }
  return std::string(header);
}

// What stands for the body in the canonical request. Outside S3 it is what the body is, so a header that says otherwise makes the
// signature wrong.
Result<std::string> payload_hash_of(const net::RequestHead& head, const Expectation& expected, const BodyHash& body_hash) {
  if (SigningRules::of(expected.signing_name).is_s3) return s3_payload_hash(head);
  return body_hash();
}

bool is_changed_on_the_way(std::string_view name) {
  for (std::string_view unsigned_name : {"authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"})
    if (name == unsigned_name) return true;
  return false;
}

// Lower-case names in order, each once, with the host.
std::vector<std::string> headers_to_sign(const net::RequestHead& head) {
  std::vector<std::string> names = {head.http_major >= 2 ? ":authority" : "host"};
  for (const net::Header& header : head.headers) {
    std::string name = ascii_lower(header.name);
    if (name != "host" && !is_changed_on_the_way(name)) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

}  // namespace

std::string derive_signing_key(std::string_view secret, const CredentialScope& scope) {
  std::string key = "AWS4";
  key += secret;
  for (std::string_view element : {scope.date, scope.region, scope.service, scope.terminator}) key = hmac_sha256(key, element);
  return key;
}

std::string SigningKeyCache::find(std::string_view credential) const {
  std::lock_guard lock(mutex_);
  auto found = keys_.find(credential);
  return found == keys_.end() ? std::string() : found->second;
}

void SigningKeyCache::keep(std::string_view credential, std::string_view key) {
  std::lock_guard lock(mutex_);
  if (keys_.size() >= keys_max_) keys_.clear();
  keys_.emplace(credential, key);
}

size_t SigningKeyCache::size() const {
  std::lock_guard lock(mutex_);
  return keys_.size();
}

Result<void> check_scope(const SignedRequest& request, const Expectation& expected) {
  Result<void> in_time = check_time(request.signed_at, expected);
  if (!in_time) return in_time;
  const CredentialScope& scope = request.credential;
  std::string problems;
  auto add = [&](std::string problem) { problems += (problems.empty() ? "" : " ") + std::move(problem); };
  if (!is_region(scope.region)) add(fmt::format("Credential should be scoped to a valid region, not '{}'.", scope.region));
  if (scope.service != expected.signing_name)
    add(fmt::format("Credential should be scoped to correct service: '{}'.", expected.signing_name));
  if (scope.terminator != scope_terminator) {
    add(fmt::format("Credential should be scoped with a valid terminator: '{}', not '{}'.", scope_terminator, scope.terminator));
  }
  std::string_view day = std::string_view(request.timestamp).substr(0, 8);
  if (scope.date != day) {
    add(fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'.",
                    scope.date, day, request.timestamp));
  }
  if (problems.empty()) return {};
  return fail(refuse(expected.dialect, Refusal::signature_mismatch, std::move(problems)));
}

Result<std::string> check_signature(const net::RequestHead& head, const SignedRequest& request, std::string_view secret,
                                    const Expectation& expected, const BodyHash& body_hash, SigningKeyCache& keys) {
  Result<std::string> payload_hash = payload_hash_of(head, expected, body_hash);
  if (!payload_hash) return payload_hash;
  std::string canonical = canonical_request({head, request.signed_headers, *payload_hash, SigningRules::of(expected.signing_name)});
  std::string to_sign = string_to_sign(request.timestamp, request.credential.without_key(), canonical);
  std::string key = keys.find(request.credential.text);
  bool is_new_key = key.empty();
  if (is_new_key) key = derive_signing_key(secret, request.credential);
  if (!equal_in_constant_time(signature_of(key, to_sign), request.signature)) {
    return fail(refuse(expected.dialect, Refusal::signature_mismatch, mismatch_message(expected, canonical, to_sign)));
  }
  if (is_new_key) keys.keep(request.credential.text, key);
  return payload_hash;
}

void sign(net::RequestHead& head, const SigningCredentials& credentials, std::string_view region, std::string_view service,
          std::string_view payload_hash, Instant at) {
  SigningRules rules = SigningRules::of(service);
  std::string timestamp = iso8601_basic(at);
  head.headers.erase("authorization");
  head.headers.set("X-Amz-Date", timestamp);
  if (!credentials.session_token.empty()) head.headers.set("X-Amz-Security-Token", credentials.session_token);
  if (rules.is_s3) head.headers.set("X-Amz-Content-Sha256", std::string(payload_hash));

  std::string credential =
      fmt::format("{}/{}/{}/{}/{}", credentials.access_key_id, timestamp.substr(0, 8), region, service, scope_terminator);
  std::string_view date = std::string_view(timestamp).substr(0, 8);
  CredentialScope scope{credential, credentials.access_key_id, date, region, service, scope_terminator};

  std::vector<std::string> names = headers_to_sign(head);
  std::vector<std::string_view> signed_headers(names.begin(), names.end());
  std::string canonical = canonical_request({head, signed_headers, payload_hash, rules});
  std::string to_sign = string_to_sign(timestamp, scope.without_key(), canonical);
  std::string signature = signature_of(derive_signing_key(credentials.secret, scope), to_sign);
  head.headers.set("Authorization", fmt::format("{} Credential={}, SignedHeaders={}, Signature={}", sigv4_algorithm, credential,
                                                fmt::join(signed_headers, ";"), signature));
}

}  // namespace outcrop::auth
