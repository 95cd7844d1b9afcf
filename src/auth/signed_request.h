// SignedRequest: what a request says about its Signature Version 4, wherever it says it: in the Authorization header
// (authorization_header.h) or in a presigned query (presigned_query.h).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/http.h"

namespace outcrop::auth {

inline constexpr std::string_view sigv4_algorithm = "AWS4-HMAC-SHA256";

// "AKIDEXAMPLE/20260101/us-east-1/sqs/aws4_request": who signed, for which day, region and service.
struct CredentialScope {
  std::string_view text;  // all five elements
  std::string_view access_key_id, date, region, service, terminator;

  // What stands in the string to sign: everything behind the access key id.
  std::string_view without_key() const { return text.substr(access_key_id.size() + 1); }
};

// The views lie in the request head, or in `decoded`.
struct SignedRequest {
  CredentialScope credential;
  std::vector<std::string_view> signed_headers;  // as listed: lower case when the client keeps to the specification
  std::string_view signature;                    // hex
  std::string_view security_token;               // of a session; empty for a long-term key
  std::string timestamp;                         // when it was signed, in the basic form that is itself signed
  Instant signed_at;

  // Of a presigned query only.
  std::optional<Seconds> expires;                           // after signed_at
  std::string_view payload_hash;                            // X-Amz-Content-Sha256; empty when absent
  std::shared_ptr<const std::vector<std::string>> decoded;  // its parameters without percent-encoding

  bool is_presigned() const { return expires.has_value(); }
};

// None unless there are exactly five elements, none of them empty or absurdly long.
std::optional<CredentialScope> split_credential(std::string_view text);
// "host;x-amz-date"; none when there are more than signed_headers_max.
std::optional<std::vector<std::string_view>> split_signed_headers(std::string_view text);

// The name of the x-amz-… header that is there and not signed, which could therefore be changed on the way; empty when all are.
// X-Amz-Cf-Id is added by CloudFront and does not count.
std::string_view unsigned_amz_header(const net::RequestHead& head, const std::vector<std::string_view>& signed_headers);
bool signs_host(const std::vector<std::string_view>& signed_headers);

}  // namespace outcrop::auth
