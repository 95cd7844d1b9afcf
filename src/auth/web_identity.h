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
  std::vector<std::string> subjects;   // patterns with * and ?, of which the claim sub must match one
  std::vector<std::string> accounts;   // whose roles its tokens may be used for; empty: those of any
  JsonWebKeys keys;
};

struct WebIdentity {
  std::string subject, audience, issuer;  // claims; issuer without its scheme, as it stands in provider ARNs
};

// What a token is to be used for.
struct WebIdentityUse {
  std::string_view role_account;
  Instant now;
  bool trusts_anyone = false;  // open mode: an issuer that is not configured is believed without a look at its signature
};

class WebIdentities {
 public:
  explicit WebIdentities(std::vector<WebIdentityIssuer> issuers = {}) : issuers_(std::move(issuers)) {}

  // Who the token is about. Faults, in STS's words: InvalidIdentityTokenException 400, ExpiredTokenException 400, and AccessDenied 403
  // for a subject that is not among the issuer's.
  Result<WebIdentity> identify(std::string_view token, const WebIdentityUse& use) const;

 private:
  const WebIdentityIssuer* find(std::string_view issuer, std::string_view role_account) const;

  std::vector<WebIdentityIssuer> issuers_;
};

}  // namespace outcrop::auth
