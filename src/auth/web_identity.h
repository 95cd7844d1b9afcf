// Web identities: tokens of the identity providers that the configuration trusts, which AssumeRoleWithWebIdentity takes
// instead of credentials.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/jwt.h"
#include "base/result.h"

namespace outcrop::auth {

// An entry of the `web_identity_issuers` section of the configuration file.
struct WebIdentityIssuer {
  std::string issuer;                  // "https://token.example.com", as in the claim iss
  std::vector<std::string> audiences;  // of which the claim aud must name one
  JsonWebKeys keys;
};

struct WebIdentity {
  std::string subject, audience, issuer;  // claims; issuer without its scheme, as it stands in provider ARNs
};

class WebIdentities {
 public:
  explicit WebIdentities(std::vector<WebIdentityIssuer> issuers = {}) : issuers_(std::move(issuers)) {}

  // Who the token is about, at the instant `now`. With `trusts_anyone` (open mode) an issuer that is not configured is believed without a
  // look at its signature. Faults: InvalidIdentityTokenException 400, ExpiredTokenException 400, in STS's words.
  Result<WebIdentity> identify(std::string_view token, Instant now, bool trusts_anyone) const;

 private:
  std::vector<WebIdentityIssuer> issuers_;
};

}  // namespace outcrop::auth
