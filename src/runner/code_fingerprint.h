// CodeFingerprint: whether a directory of code that is used in place has changed: names, sizes and times of its files. What lies in
// node_modules and in hidden folders is not looked at, as it is much and is changed by tools that change a lock file beside it.
#pragma once
#include <cstdint>
#include <string>

namespace outcrop::runner {

// Blocks. At most limits::code_entries_max entries count.
uint64_t code_fingerprint(const std::string& directory);

}  // namespace outcrop::runner
