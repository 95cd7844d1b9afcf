// Authenticator: from a request head to who is calling. The door that every API call passes before it is admitted.
// Credentials are a SigV4 header or presigned query, for S3 a SigV2 query, for Bedrock a bearer key.
//
// Open mode, for development on one machine: the credential must be well-formed and nothing is verified. The account is the
// access key id when it is 12 digits, else 000000000000; the region comes from the scope. A session that STS issued here is known by
// its token. A request without any credential, which AWS would refuse, is accepted for account 000000000000 in us-east-1, so that
// a developer can use curl; so is every other scheme. Cross-site requests are kept out by web_guard.h, not here.
// Enforce mode: only configured keys and sessions, and every refusal is AWS's.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "auth/access_keys.h"
#include "auth/bearer_keys.h"
#include "auth/identity.h"
#include "auth/payload_signatures.h"
#include "auth/sessions.h"
#include "auth/sigv4.h"
#include "base/time.h"
#include "net/http.h"

namespace outcrop::auth {

enum class Mode { open, enforce };

struct Caller {
  Identity identity;
  std::string region;                             // "us-east-1"
  std::string signing_name;                       // the scope's service, "sqs"; empty when unsigned
  std::string payload_hash;                       // what was signed: hex or a marker; empty in open mode
  std::optional<PayloadSigning> payload_signing;  // when the body is signed in pieces, and they are to be verified
};

// What the dispatcher knows about the call before it authenticates.
struct Addressed {
  std::string_view signing_name;  // "sqs"
  Dialect dialect = Dialect::json;
  bool may_be_unsigned = false;  // without credentials the caller is anonymous: STS's web identities, S3
  std::string_view bucket = {};  // that the host names, of S3's virtual-hosted style
};

// Who is known. Whatever is left out is nobody.
struct Authorities {
  std::shared_ptr<const AccessKeys> keys = {};    // long-term ones
  std::shared_ptr<const Sessions> sessions = {};  // temporary ones
  BearerKeys bearer_keys = {};
};

class Authenticator {
 public:
  explicit Authenticator(const Clock& clock) : Authenticator(clock, Mode::open, {}) {}
  Authenticator(const Clock& clock, std::shared_ptr<const AccessKeys> keys)
      : Authenticator(clock, Mode::enforce, {.keys = std::move(keys)}) {}
  Authenticator(const Clock& clock, Mode mode, Authorities authorities)
      : mode_(mode), clock_(clock), authorities_(std::move(authorities)) {}

  Mode mode() const { return mode_; }
  bool enforced() const { return mode_ == Mode::enforce; }

  // Thread-safe, does not suspend.
  Result<Caller> authenticate(const net::RequestHead& head, const BodyHash& body_hash, const Addressed& addressed);

 private:
  Result<Caller> accept(const net::RequestHead& head, const Addressed& addressed) const;
  Result<Caller> verify_sigv4(const net::RequestHead& head, const SignedRequest& request, const BodyHash& body_hash,
                              const Expectation& expected);
  Result<Caller> verify_sigv2(const net::RequestHead& head, const Addressed& addressed) const;
  Result<Caller> verify_bearer(std::string_view bearer, const Addressed& addressed);
  Result<std::shared_ptr<const AccessKey>> key_of(std::string_view access_key_id, std::string_view session_token, Dialect dialect) const;

  const Mode mode_;
  const Clock& clock_;
  const Authorities authorities_;
  SigningKeyCache signing_keys_;
};

// The service of the credential scope, "sqs", by which requests are routed before they are authenticated; of the header or of a
// presigned query. Empty when there is none. Lies in the head.
std::string_view scope_service(const net::RequestHead& head);

inline constexpr std::string_view default_account = "000000000000";
inline constexpr std::string_view default_region = "us-east-1";

}  // namespace outcrop::auth
