// Signature Version 4: verifies the signature of a request and makes one (IAM User Guide, "Signature Version 4").
// Everything here is a pure function of request, secret and time; who holds which secret is access_keys.h's business.
#pragma once
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/canonical_request.h"
#include "auth/limits.h"
#include "auth/refusal.h"
#include "auth/signed_request.h"

namespace outcrop::auth {

// Gives the lower-case hex SHA-256 of the body; called at most once, and not for S3, whose header names the hash.
using BodyHash = std::function<std::string()>;

inline constexpr std::string_view empty_body_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

inline constexpr std::string_view streaming_events = "STREAMING-AWS4-HMAC-SHA256-EVENTS";  // of event streams from a client

// HMAC chain over date, region and service; 32 bytes.
std::string derive_signing_key(std::string_view secret, const CredentialScope& scope);
// `scope` as CredentialScope::without_key().
std::string string_to_sign(std::string_view timestamp, std::string_view scope, std::string_view canonical_request);
std::string signature_v4(std::string_view signing_key, std::string_view string_to_sign);  // hex

// Signing keys that verified a request before, which saves four of the six hashes of a verification. Thread-safe. When full it
// starts over: keys are for one day, so it turns over by itself.
class SigningKeyCache {
 public:
  explicit SigningKeyCache(size_t keys_max = signing_keys_max) : keys_max_(keys_max) {}

  // The key made of a secret for a credential scope, or empty.
  std::string find(std::string_view credential, std::string_view secret) const;
  // Only for keys that proved right, so that strangers cannot push out others' keys.
  void keep(std::string_view credential, std::string_view secret, std::string_view key);
  size_t size() const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  const size_t keys_max_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> keys_;
};

struct Expectation {
  std::string_view signing_name;  // of the service addressed: "sqs"
  Dialect dialect = Dialect::json;
  Instant now;  // real time, also under a manual clock
};

// Whether the scope fits the request, and its time ours. Faults: signature_mismatch, outside_time_window, incomplete_signature; for a
// presigned S3 request that is too old AccessDenied 403.
Result<void> check_scope(const SignedRequest& request, const Expectation& expected);

// Whether the signature is the one `secret` makes, compared in constant time. Gives the payload hash that was signed: hex, or a
// marker such as UNSIGNED-PAYLOAD; for S3 the reader of the body compares it. Faults: signature_mismatch; for S3
// InvalidRequest 400 and InvalidArgument 400 on a missing or unreadable x-amz-content-sha256.
Result<std::string> check_signature(const net::RequestHead& head, const SignedRequest& request, std::string_view secret,
                                    const Expectation& expected, const BodyHash& body_hash, SigningKeyCache& keys);

struct SigningCredentials {
  std::string access_key_id, secret;
  std::string session_token = {};  // empty for a long-term key
};

// Adds X-Amz-Date, X-Amz-Security-Token (and for S3 X-Amz-Content-Sha256) and Authorization to the head. Signs every header except
// those that proxies change. `payload_hash` as hex or marker.
void sign(net::RequestHead& head, const SigningCredentials& credentials, std::string_view region, std::string_view service,
          std::string_view payload_hash, Instant at);

}  // namespace outcrop::auth
