// What the targets that sign for themselves share: the one key that is known, with the signer's own secret.
#pragma once
#include <memory>

#include "auth/access_keys.h"

namespace outcrop {

inline std::shared_ptr<auth::AccessKeys> one_key() {
  auth::CredentialsConfig config;
  config.keys = {{"AKIDEXAMPLE", "secret", "111122223333"}};
  return std::move(*auth::ConfiguredAccessKeys::from(config));
}

}  // namespace outcrop
