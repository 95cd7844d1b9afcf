// Access keys: who may sign, with which secret. Configured keys are their account's root; IAM's users and the sessions
// of STS become further implementations.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.h"
#include "base/result.h"

namespace outcrop::auth {

struct AccessKey {
  std::string secret;
  Identity identity;
};

class AccessKeys {
 public:
  virtual ~AccessKeys() = default;
  // The key of that id and, for a session, of that token (empty for long-term keys). None when nobody was given it.
  // Called on the thread of a connection: answers from memory. Thread-safe.
  virtual std::shared_ptr<const AccessKey> find(std::string_view access_key_id, std::string_view session_token) const = 0;
};

// The `credentials` section of the configuration file.
struct CredentialsConfig {
  struct Key {
    std::string access_key_id;
    std::string secret;
    std::string account;    // 12 digits
    std::string name = {};  // for logs
  };
  std::vector<Key> keys;
};

class ConfiguredAccessKeys final : public AccessKeys {
 public:
  // Faults with InvalidConfiguration 400 naming the entry: empty or unreadable id or secret, account not 12 digits, an id twice.
  static Result<std::unique_ptr<ConfiguredAccessKeys>> from(const CredentialsConfig& config);

  std::shared_ptr<const AccessKey> find(std::string_view access_key_id, std::string_view session_token) const override;

 private:
  std::map<std::string, std::shared_ptr<const AccessKey>, std::less<>> keys_;
};

bool is_account_id(std::string_view text);  // exactly 12 digits
// Root of the account, as signed for by this key.
Identity root_of(std::string_view account, std::string_view access_key_id);

}  // namespace outcrop::auth
