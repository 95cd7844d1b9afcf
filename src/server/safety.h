// The rules by which the server refuses to start rather than start unsafe.
#pragma once
#include <optional>
#include <string>

#include "server/config.h"

namespace outcrop::server {

// Why this configuration must not run, with the mend, in one sentence; none when it may.
std::optional<std::string> refusal(const Config& config);

}  // namespace outcrop::server
