// The machine's memory and the limits of control groups.
#include "base/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace outcrop {

namespace {

constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

std::string text_of(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::move(text).str();
}

// "max", which is no number, is no limit.
uint64_t limit_in(const std::string& path) {
  uint64_t bytes = no_limit;
  return std::ifstream(path) >> bytes ? bytes : no_limit;
}

// The line "0::/a/b" is of version 2.
std::string_view group_of(std::string_view memberships) {
  constexpr std::string_view mark = "0::";
  const size_t at = memberships.starts_with(mark) ? 0 : memberships.find("\n0::") + 1;
  if (!memberships.substr(at).starts_with(mark)) return {};
  const std::string_view line = memberships.substr(at + mark.size());
  return line.substr(0, line.find('\n'));
}

}  // namespace

uint64_t memory_limit_of_groups(std::string_view memberships, const std::string& root) {
  std::string_view group = group_of(memberships);
  while (group.ends_with('/')) group.remove_suffix(1);
  uint64_t least = no_limit;
  for (;;) {
    least = std::min(least, limit_in(root + std::string(group) + "/memory.max"));
    if (group.empty()) return least;
    group = group.substr(0, group.rfind('/'));
  }
}

uint64_t usable_memory_bytes() {
  const uint64_t machine = uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE));
  return std::min(machine, memory_limit_of_groups(text_of("/proc/self/cgroup"), "/sys/fs/cgroup"));
}

}  // namespace outcrop
