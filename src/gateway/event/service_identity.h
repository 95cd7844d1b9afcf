// Who API Gateway is to the services that it calls: itself, or a role that an API's owner lets it assume.
#pragma once
#include <string>
#include <string_view>

#include "auth/identity.h"

namespace outcrop::gateway {

// `account` is the API's. `role`: ARN; empty: the service itself, whom resource policies must let.
Identity acting_identity(const std::string& account, std::string_view role);

}  // namespace outcrop::gateway
