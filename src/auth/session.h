// Session: what temporary credentials carry beside who they are for: until when, and what bounds them.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "auth/policy_document.h"
#include "base/time.h"

namespace outcrop::auth {

struct Session {
  Instant issued_at, expires_at;         // of the server's wall clock, real or manual
  std::vector<PolicyDocument> policies;  // session policies: they allow nothing by themselves, and what they do not allow is denied
  bool needs_policy = false;             // a federated user's: without a session policy it may do nothing
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<std::string> transitive_tag_keys;  // those of them that sessions assumed from this one inherit
  std::string source_identity;                   // empty when there is none
  std::string federated_provider;                // ARN or host of who vouched for a web identity; empty otherwise
  bool with_mfa = false;
};

}  // namespace outcrop::auth
