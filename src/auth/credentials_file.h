// A configuration file that holds secrets must be its owner's alone.
#pragma once
#include <string>

#include "base/result.h"

namespace outcrop::auth {

// Faults with InvalidConfiguration 400, saying what to do, unless the file's mode gives group and others nothing (0600 or 0400).
// Call it only for a file that contains keys. A file owned by another user, root excepted, is refused too.
Result<void> check_credentials_file(const std::string& path);

}  // namespace outcrop::auth
