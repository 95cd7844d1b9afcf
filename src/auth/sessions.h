// Sessions: temporary credentials without a table. Everything about a session is sealed in its token, and its key id and secret
// are made of the token; so they survive restarts, cost nothing to keep, and nobody else can make them.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/access_keys.h"
#include "auth/session.h"
#include "base/random.h"
#include "gen/records/auth.h"

namespace outcrop::auth {

struct TemporaryCredentials {
  std::string access_key_id;  // ASIA…
  std::string secret;         // 40 characters
  std::string session_token;
  Instant expires_at;
};

class Sessions {
 public:
  // `secret`: 32 bytes, the installation's, the same after every start.
  explicit Sessions(std::string_view secret);

  TemporaryCredentials issue(const SessionRecord& record, Random& random) const;
  // The key of a session, expired or not: identity.session says. None unless the token was issued here and the id is its own.
  // Thread-safe; from memory when it was asked for lately.
  std::shared_ptr<const AccessKey> find(std::string_view access_key_id, std::string_view session_token) const;

  // What DecodeAuthorizationMessage reads: a text for administrators that its receiver cannot read.
  std::string encode_message(std::string_view plain, Random& random) const;
  std::optional<std::string> decode_message(std::string_view encoded) const;

 private:
  TemporaryCredentials credentials_of(std::string token, std::string_view account, Instant expires_at) const;

  const std::string sealing_key_, derivation_key_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const AccessKey>> opened_;  // by token
};

// A session's kind in its record is that of the identity.
int32_t record_kind(Identity::Kind kind);

}  // namespace outcrop::auth
