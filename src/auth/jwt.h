// JSON Web Tokens as identity providers issue them (RFC 7519), signed with RS256 or ES256, and the key sets that verify
// them (RFC 7517).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/json.h"

namespace outcrop::auth {

struct Jwt {
  std::string algorithm, key_id;  // of its header; key_id may be empty
  json::Value claims;
  std::string signed_part, signature;  // what is signed, and raw bytes

  std::string claim(std::string_view name) const;                     // a text; empty when absent or of another kind
  std::vector<std::string> audiences() const;                         // "aud", which is a text or a list
  std::optional<Instant> instant_claim(std::string_view name) const;  // seconds since the epoch
};

// None when the text is no JWT, or one with extensions that must be understood (RFC 7515 section 4.1.11). The signature is not looked at.
std::optional<Jwt> parse_jwt(std::string_view text);

// Public keys of one issuer. Copies share the keys.
class JsonWebKeys {
 public:
  JsonWebKeys();
  // {"keys": [{"kty": "RSA", "n", "e", "kid"}, {"kty": "EC", "crv": "P-256", "x", "y", "kid"}]}. Keys of other kinds are passed over.
  // Fault: InvalidConfiguration 400 when nothing usable is in it.
  static Result<JsonWebKeys> parse(std::string_view text);

  // Whether one of the keys may have made its signature: that of the token's key id, where both say one.
  bool has_key_of(const Jwt& jwt) const;
  // Whether one of those did.
  bool verify(const Jwt& jwt) const;

 private:
  struct Key;
  std::shared_ptr<const std::vector<Key>> keys_;
};

}  // namespace outcrop::auth
