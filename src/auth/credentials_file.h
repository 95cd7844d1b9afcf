// A file that holds secrets must be its owner's alone.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::auth {

// Faults with InvalidConfiguration 400, saying what to do, unless the file's mode gives group and others nothing (0600 or 0400).
// `secret` says what it contains: "access keys". A file owned by another user, root excepted, is refused too.
Result<void> check_secret_file(const std::string& path, std::string_view secret);

}  // namespace outcrop::auth
