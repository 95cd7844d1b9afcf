// Authenticator: from a request head to who is calling. The door that every API call passes before it is admitted.
//
// Open mode, for development on one machine: the credential must be well-formed and nothing is verified. The account is the
// access key id when it is 12 digits, else 000000000000; the region comes from the scope. A request without any credential, which
// AWS would refuse, is accepted for account 000000000000 in us-east-1, so that a developer can use curl; so is every scheme
// other than SigV4 (bearer tokens). Cross-site requests are kept out by web_guard.h, not here.
// Enforce mode: only configured keys, and every refusal is AWS's.
#pragma once
#include <memory>
#include <string>

#include "auth/access_keys.h"
#include "auth/identity.h"
#include "auth/sigv4.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::auth {

enum class Mode { open, enforce };

struct Caller {
  Identity identity;
  std::string region;        // "us-east-1"
  std::string signing_name;  // the scope's service, "sqs"; empty when unsigned
  std::string payload_hash;  // what was signed: hex or a marker; empty in open mode
};

// What the dispatcher knows about the call before it authenticates.
struct Addressed {
  std::string_view signing_name;  // "sqs"
  Dialect dialect = Dialect::json;
};

class Authenticator {
 public:
  explicit Authenticator(const Clock& clock) : mode_(Mode::open), clock_(clock) {}
  Authenticator(const Clock& clock, std::unique_ptr<AccessKeys> keys) : mode_(Mode::enforce), clock_(clock), keys_(std::move(keys)) {}

  Mode mode() const { return mode_; }
  bool enforced() const { return mode_ == Mode::enforce; }

  // Thread-safe, does not suspend.
  Result<Caller> authenticate(const net::RequestHead& head, const BodyHash& body_hash, const Addressed& addressed);

 private:
  Result<Caller> accept(const net::RequestHead& head, const Addressed& addressed) const;

  const Mode mode_;
  const Clock& clock_;
  const std::unique_ptr<AccessKeys> keys_;
  SigningKeyCache signing_keys_;
};

inline constexpr std::string_view default_account = "000000000000";
inline constexpr std::string_view default_region = "us-east-1";

}  // namespace outcrop::auth
