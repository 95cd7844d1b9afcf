// The identity providers of the configuration, with the keys in the files it names.
#pragma once
#include <vector>

#include "auth/web_identity.h"
#include "server/config.h"

namespace outcrop::server {

// Fault: InvalidConfiguration 400 naming the file that cannot be read or holds no key.
Result<std::vector<auth::WebIdentityIssuer>> read_web_identity_issuers(const std::vector<WebIdentityIssuerConfig>& config);

}  // namespace outcrop::server
