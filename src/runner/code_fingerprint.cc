#include "runner/code_fingerprint.h"

#include <sys/stat.h>

#include <filesystem>

#include "runner/limits.h"

namespace outcrop::runner {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t fnv_prime = 1099511628211u;

uint64_t mix(uint64_t sum, uint64_t value) { return (sum ^ value) * fnv_prime; }

bool is_left_out(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return name == "node_modules" || name.starts_with('.');
}

// The same in whatever order a directory gives its entries.
uint64_t entry_sum(const fs::path& path) {
  struct stat status{};
  uint64_t sum = std::hash<std::string>()(path.native());
  if (::stat(path.c_str(), &status) != 0) return sum;
  for (const uint64_t value : {uint64_t(status.st_size), uint64_t(status.st_mtim.tv_sec), uint64_t(status.st_mtim.tv_nsec),
                               uint64_t(status.st_ino), uint64_t(status.st_mode)}) {
    sum = mix(sum, value);
  }
  return sum;
}

}  // namespace

uint64_t code_fingerprint(const std::string& directory) {
  uint64_t sum = 0;
  size_t entries = 0;
  std::error_code problem;
  fs::recursive_directory_iterator entry(directory, fs::directory_options::skip_permission_denied, problem);
  for (; !problem && entry != fs::recursive_directory_iterator() && entries < limits::code_entries_max; entry.increment(problem)) {
    if (is_left_out(*entry)) {
      entry.disable_recursion_pending();
      continue;
    }
    ++entries;
    std::error_code ignored;
    if (!entry->is_directory(ignored)) sum += entry_sum(entry->path());
  }
  return sum;
}

}  // namespace outcrop::runner
