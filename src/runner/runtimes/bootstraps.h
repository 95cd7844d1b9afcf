// The programs of runtimes/ that ask for a function's events and call its handler. The server carries them in itself and puts them where
// the processes of functions can read them.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace outcrop::runner {

struct BootstrapFile {
  std::string_view path, text;  // "nodejs/bootstrap.cjs"
};

std::span<const BootstrapFile> bootstrap_files();

// Puts them into a directory below `parent` that is named by their content, all of them or none, readable by everybody; gives it. What
// other releases put there is removed. Faults: RuntimesUnavailable 500.
Result<std::string> install_bootstraps(const std::string& parent);

}  // namespace outcrop::runner
