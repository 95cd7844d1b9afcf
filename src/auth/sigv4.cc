#include "auth/sigv4.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view scope_terminator = "aws4_request";
constexpr std::string_view presigned_signature = "X-Amz-Signature";

bool is_region(std::string_view text) {
  bool spelled = std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  size_t dash = text.rfind('-');
  bool numbered = dash != std::string_view::npos && dash > 0 && dash + 1 < text.size() &&
                  std::ranges::all_of(text.substr(dash + 1), [](char c) { return c >= '0' && c <= '9'; });
  return spelled && numbered;
}

std::string span_text(Seconds span) {
  return span.count() % 60 == 0 ? fmt::format("{} min.", span.count() / 60) : fmt::format("{} sec.", span.count());
}

std::unexpected<Fault> outside_window(const Expectation& expected, bool is_presigned, bool is_early, std::string message) {
  if (expected.dialect != Dialect::s3) return fail(refuse(expected.dialect, Refusal::outside_time_window, std::move(message)));
  if (is_presigned) return fail("AccessDenied", 403, is_early ? "Request is not valid yet" : "Request has expired");
  return fail(
      refuse(expected.dialect, Refusal::outside_time_window, "The difference between the request time and the current time is too large."));
}

// A signature in a header is good for 5 minutes before and after, 15 for S3; a presigned one for as long as it says. In AWS's texts.
Result<void> check_time(const SignedRequest& request, const Expectation& expected) {
  const Seconds skew = expected.dialect == Dialect::s3 ? clock_skew_s3_max : clock_skew_max;
  const Seconds age_max = request.expires.value_or(skew);
  const Instant oldest = expected.now - age_max, latest = expected.now + skew;
  std::string signed_at = iso8601_basic(request.signed_at), now = iso8601_basic(expected.now);
  if (request.signed_at < oldest) {
    return outside_window(
        expected, request.is_presigned(), false,
        fmt::format("Signature expired: {} is now earlier than {} ({} - {})", signed_at, iso8601_basic(oldest), now, span_text(age_max)));
  }
  if (request.signed_at > latest) {
    return outside_window(expected, request.is_presigned(), true,
                          fmt::format("Signature not yet current: {} is still later than {} ({} + {})", signed_at, iso8601_basic(latest),
                                      now, span_text(skew)));
  }
  return {};
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

// S3 takes the hash from its header, because it answers for the signature before it reads the body. A presigned query may name it
// too, and is otherwise for any body.
Result<std::string> s3_payload_hash(const net::RequestHead& head, const SignedRequest& request) {
  std::string_view named = head.headers.get("x-amz-content-sha256");
  if (named.empty()) named = request.payload_hash;
  if (named.empty() && request.is_presigned()) named = unsigned_payload;
  if (named.empty()) return fail("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
  bool is_marker = named == unsigned_payload || named.starts_with("STREAMING-");
  if (!is_marker && (named.size() != 64 || !unhex(named))) {
    return fail("InvalidArgument", 400,
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");
  }
  return std::string(named);
}

// What stands for the body in the canonical request. Outside S3 it is what the body is, so a header that says otherwise makes the
// signature wrong; but events are signed one by one as they come.
Result<std::string> payload_hash_of(const net::RequestHead& head, const SignedRequest& request, const Expectation& expected,
                                    const BodyHash& body_hash) {
  if (SigningRules::of(expected.signing_name).is_s3) return s3_payload_hash(head, request);
  if (head.headers.get("x-amz-content-sha256") == streaming_events) return std::string(streaming_events);
  return body_hash();
}

// With the secret, because two sessions may have the same access key id.
std::string cache_name(std::string_view credential, std::string_view secret) {
  std::string name;
  name.reserve(credential.size() + 1 + secret.size());
  name += credential;
  name += '\n';
  name += secret;
  return name;
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

std::string signature_v4(std::string_view signing_key, std::string_view text) { return hex(hmac_sha256(signing_key, text)); }

std::string SigningKeyCache::find(std::string_view credential, std::string_view secret) const {
  std::string name = cache_name(credential, secret);
  std::lock_guard lock(mutex_);
  auto found = keys_.find(name);
  return found == keys_.end() ? std::string() : found->second;
}

void SigningKeyCache::keep(std::string_view credential, std::string_view secret, std::string_view key) {
  std::string name = cache_name(credential, secret);
  std::lock_guard lock(mutex_);
  if (keys_.size() >= keys_max_) keys_.clear();
  keys_.emplace(std::move(name), key);
}

size_t SigningKeyCache::size() const {
  std::lock_guard lock(mutex_);
  return keys_.size();
}

Result<void> check_scope(const SignedRequest& request, const Expectation& expected) {
  Result<void> in_time = check_time(request, expected);
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
  Result<std::string> payload_hash = payload_hash_of(head, request, expected, body_hash);
  if (!payload_hash) return payload_hash;
  std::string canonical = canonical_request({head, request.signed_headers, *payload_hash, SigningRules::of(expected.signing_name),
                                             request.is_presigned() ? presigned_signature : std::string_view()});
  std::string to_sign = string_to_sign(request.timestamp, request.credential.without_key(), canonical);
  std::string key = keys.find(request.credential.text, secret);
  bool is_new_key = key.empty();
  if (is_new_key) key = derive_signing_key(secret, request.credential);
  if (!equal_in_constant_time(signature_v4(key, to_sign), request.signature)) {
    return fail(refuse(expected.dialect, Refusal::signature_mismatch, mismatch_message(expected, canonical, to_sign)));
  }
  if (is_new_key) keys.keep(request.credential.text, secret, key);
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
  std::string signature = signature_v4(derive_signing_key(credentials.secret, scope), to_sign);
  head.headers.set("Authorization", fmt::format("{} Credential={}, SignedHeaders={}, Signature={}", sigv4_algorithm, credential,
                                                fmt::join(signed_headers, ";"), signature));
}

}  // namespace outcrop::auth
