// The machine's memory and the limits of control groups.
#include "base/machine_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "base/control_group.h"
#include "base/small_file.h"

namespace outcrop {

namespace {

constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

// "max", which is no number, is no limit.
uint64_t limit_in(const std::string& path) {
  uint64_t bytes = no_limit;
  return std::ifstream(path) >> bytes ? bytes : no_limit;
}

}  // namespace

uint64_t memory_limit_of_groups(std::string_view memberships, const std::string& root) {
  std::string group = group_of_controller(memberships, "");
  if (!group.starts_with('/')) group.clear();  // none, or nothing that the system writes
  uint64_t least = no_limit;
  for (;;) {
    least = std::min(least, limit_in(root + group + "/memory.max"));
    if (group.empty()) return least;
    group.resize(group.rfind('/'));
  }
}

uint64_t usable_memory_bytes() {
  const uint64_t machine = uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE));
  return std::min(machine, memory_limit_of_groups(read_small_file("/proc/self/cgroup"), "/sys/fs/cgroup"));
}

}  // namespace outcrop
