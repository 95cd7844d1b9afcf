#include "server/safety.h"

#include <fmt/format.h>

namespace outcrop::server {

std::optional<std::string> refusal(const Config& config) {
  for (const ListenAddress& address : config.listen) {
    if (address.is_loopback() || config.auth == AuthMode::enforce) continue;
    return fmt::format(
        "refusing to listen on {}, which other machines can reach, while anyone may call: "
        "add --auth enforce and credentials in outcrop.yaml, or listen on 127.0.0.1",
        address.text());
  }
  if (config.auth == AuthMode::enforce && config.credentials.keys.empty()) {
    return "--auth enforce needs at least one key, or nobody could call: add credentials to outcrop.yaml and name it with --config";
  }
  return std::nullopt;
}

}  // namespace outcrop::server
