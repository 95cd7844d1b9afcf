// Credentials to sign requests to AWS with, and where they come from.
#pragma once
#include <optional>

#include "auth/sigv4.h"
#include "base/task.h"
#include "base/time.h"

namespace outcrop::auth {

struct IssuedCredentials {
  SigningCredentials keys;
  std::optional<Instant> expires;  // none: they are good until somebody changes them
};

class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // Asks for them anew. Faults with CredentialsUnavailable 500, whose message says where they were looked for and never what was found.
  virtual Task<Result<IssuedCredentials>> load() = 0;
};

inline std::unexpected<Fault> no_credentials(std::string why) { return fail("CredentialsUnavailable", 500, std::move(why)); }

}  // namespace outcrop::auth
