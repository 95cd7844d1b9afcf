// Bearer keys for Bedrock: "Authorization: Bearer …" instead of a signature. Long-term keys are configured; short-term ones,
// "bedrock-api-key-…", hold a presigned URL for CallWithBearerToken, which is verified like any (Bedrock User Guide, "API keys").
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/identity.h"
#include "base/result.h"
#include "net/http.h"

namespace outcrop::auth {

// The `bedrock_api_keys` section of the configuration file.
struct BearerKeyConfig {
  std::string key;
  std::string account;    // 12 digits
  std::string name = {};  // for people, and for budgets by key
};

// The services that take bearer keys, by what they sign as.
bool takes_bearer_keys(std::string_view signing_name);
// Behind "Bearer "; none when the request has no such header.
std::optional<std::string_view> bearer_of(const net::RequestHead& head);

class BearerKeys {
 public:
  BearerKeys() = default;
  // Faults with InvalidConfiguration 400 naming the entry: empty or twice, or account not 12 digits.
  static Result<BearerKeys> from(const std::vector<BearerKeyConfig>& config);

  // Who holds this long-term key. Compared by hash, so that time tells nothing.
  std::optional<Identity> find(std::string_view key) const;

 private:
  struct Entry {
    std::string key_hash;
    Identity identity;
  };
  std::vector<Entry> entries_;
};

// The presigned request in a short-term key; none when it holds none for CallWithBearerToken.
std::optional<net::RequestHead> presigned_request_of(std::string_view bearer);

}  // namespace outcrop::auth
