#include "auth/access_keys.h"

#include <algorithm>

#include "auth/limits.h"

namespace outcrop::auth {

namespace {

// IAM API reference, AccessKey: [\w]+. Hyphens besides, which test set-ups like.
bool is_access_key_id(std::string_view text) {
  return !text.empty() && text.size() <= access_key_id_characters_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::unexpected<Fault> invalid_key(const CredentialsConfig::Key& key, size_t position, std::string_view problem) {
  // The secret must not get into a log; the id may be one that was put in the wrong place, so it is shown only when it can be one.
  std::string which = is_access_key_id(key.access_key_id) ? " (" + key.access_key_id + ")" : "";
  return fail("InvalidConfiguration", 400, fmt::format("credentials: key {}{} {}", position + 1, which, problem));
}

}  // namespace

bool is_account_id(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Identity root_of(std::string_view account, std::string_view access_key_id) {
  Identity identity;
  identity.kind = Identity::Kind::root;
  identity.account = account;
  identity.arn = fmt::format("arn:aws:iam::{}:root", account);
  identity.user_id = account;
  identity.access_key_id = access_key_id;
  return identity;
}

Result<std::unique_ptr<ConfiguredAccessKeys>> ConfiguredAccessKeys::from(const CredentialsConfig& config) {
  auto keys = std::make_unique<ConfiguredAccessKeys>();
  for (size_t i = 0; i < config.keys.size(); ++i) {
    const CredentialsConfig::Key& key = config.keys[i];
    if (!is_access_key_id(key.access_key_id)) return invalid_key(key, i, "needs an access_key_id of letters, digits, - and _");
    if (key.secret.empty()) return invalid_key(key, i, "needs a secret");
    if (!is_account_id(key.account)) return invalid_key(key, i, "needs an account of 12 digits");
    AccessKey known{key.secret, root_of(key.account, key.access_key_id)};
    known.identity.key_name = key.name;
    auto stored = std::make_shared<const AccessKey>(std::move(known));
    if (!keys->keys_.emplace(key.access_key_id, std::move(stored)).second) return invalid_key(key, i, "is there twice");
  }
  return keys;
}

std::shared_ptr<const AccessKey> ConfiguredAccessKeys::find(std::string_view access_key_id, std::string_view session_token) const {
  if (!session_token.empty()) return nullptr;  // long-term keys have none
  auto found = keys_.find(access_key_id);
  return found == keys_.end() ? nullptr : found->second;
}

}  // namespace outcrop::auth
