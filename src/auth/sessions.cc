#include "auth/sessions.h"

#include <array>

#include "auth/access_key_id.h"
#include "auth/limits.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/seal.h"
#include "wire/record.h"

namespace outcrop::auth {

namespace {

constexpr std::string_view session_purpose = "session token 1", message_purpose = "authorization message 1";

// What the numbers in records mean; never renumbered.
struct KindNumber {
  int32_t number;
  Identity::Kind kind;
};
constexpr std::array<KindNumber, 4> kind_numbers = {{
    {1, Identity::Kind::root},
    {2, Identity::Kind::user},
    {3, Identity::Kind::role},
    {4, Identity::Kind::federated_user},
}};

uint64_t first_number(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) number = number << 8 | uint8_t(bytes[i]);
  return number;
}

// None when a later release wrote what this one cannot read.
std::shared_ptr<const AccessKey> access_key_of(SessionRecord record, TemporaryCredentials credentials) {
  auto session = std::make_shared<Session>();
  session->issued_at = record.issued_at;
  session->expires_at = record.expires_at;
  session->needs_policy = record.needs_policy.value_or(false);
  session->source_identity = record.source_identity.value_or("");
  session->federated_provider = record.federated_provider.value_or("");
  session->with_mfa = record.with_mfa.value_or(false);
  if (record.transitive_tag_keys) session->transitive_tag_keys = std::move(*record.transitive_tag_keys);
  if (record.tags)
    for (const auto& [key, value] : *record.tags) session->tags.emplace_back(key, value);
  if (record.policies) {
    for (const std::string& text : *record.policies) {
      Result<PolicyDocument> policy = parse_policy(text, PolicyKind::identity);
      if (!policy) return nullptr;
      session->policies.push_back(std::move(*policy));
    }
  }
  auto key = std::make_shared<AccessKey>();
  bool known_kind = false;
  for (const KindNumber& entry : kind_numbers) {
    if (entry.number != record.kind) continue;
    key->identity.kind = entry.kind;
    known_kind = true;
  }
  if (!known_kind) return nullptr;
  key->secret = std::move(credentials.secret);
  key->identity.account = std::move(record.account);
  key->identity.arn = std::move(record.arn);
  key->identity.user_id = std::move(record.user_id);
  key->identity.access_key_id = std::move(credentials.access_key_id);
  key->identity.session = std::move(session);
  return key;
}

}  // namespace

int32_t record_kind(Identity::Kind kind) {
  for (const KindNumber& entry : kind_numbers)
    if (entry.kind == kind) return entry.number;
  check_failed("a session of nobody who can have one", std::source_location::current());
}

Sessions::Sessions(std::string_view secret)
    : sealing_key_(hmac_sha256(secret, "sealing")), derivation_key_(hmac_sha256(secret, "derivation")) {}

TemporaryCredentials Sessions::credentials_of(std::string token, std::string_view account, Instant expires_at) const {
  uint64_t chance = first_number(hmac_sha256(derivation_key_, "access key id " + token));
  std::string secret = base64(hmac_sha256(derivation_key_, "secret " + token).substr(0, 30));
  return {make_access_key_id(temporary_key_prefix, account, chance), std::move(secret), std::move(token), expires_at};
}

TemporaryCredentials Sessions::issue(const SessionRecord& record, Random& random) const {
  std::string token = base64(seal(sealing_key_, session_purpose, wire::encode_record(record), random));
  return credentials_of(std::move(token), record.account, record.expires_at);
}

std::shared_ptr<const AccessKey> Sessions::find(std::string_view access_key_id, std::string_view session_token) const {
  if (session_token.empty() || session_token.size() > session_token_bytes_max) return nullptr;
  std::string token(session_token);
  {
    std::lock_guard lock(mutex_);
    auto found = opened_.find(token);
    if (found != opened_.end()) return found->second->identity.access_key_id == access_key_id ? found->second : nullptr;
  }
  std::optional<std::string> sealed = unbase64(token);
  std::optional<std::string> plain = sealed ? unseal(sealing_key_, session_purpose, *sealed) : std::nullopt;
  if (!plain) return nullptr;
  Result<SessionRecord> record = wire::decode_record<SessionRecord>(*plain);
  if (!record) return nullptr;
  TemporaryCredentials credentials = credentials_of(token, record->account, record->expires_at);
  std::shared_ptr<const AccessKey> key = access_key_of(std::move(*record), std::move(credentials));
  if (!key || key->identity.access_key_id != access_key_id) return nullptr;
  std::lock_guard lock(mutex_);
  if (opened_.size() >= opened_sessions_max) opened_.clear();
  opened_.emplace(std::move(token), key);
  return key;
}

std::string Sessions::encode_message(std::string_view plain, Random& random) const {
  return base64url(seal(sealing_key_, message_purpose, plain, random));
}

std::optional<std::string> Sessions::decode_message(std::string_view encoded) const {
  std::optional<std::string> sealed = unbase64url(encoded);
  return sealed ? unseal(sealing_key_, message_purpose, *sealed) : std::nullopt;
}

}  // namespace outcrop::auth
