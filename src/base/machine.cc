// The machine's memory and processors, and the limits of control groups.
#include "base/machine.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <thread>

#include "base/control_group.h"
#include "base/small_file.h"

namespace outcrop {

namespace {

constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();
constexpr auto groups_root = "/sys/fs/cgroup";

// "max", which is no number, is no limit; nor is a file that is not there.
uint64_t bytes_of(std::istream& limit) {
  uint64_t bytes = no_limit;
  return limit >> bytes ? bytes : no_limit;
}

// Microseconds of processor time in each period of so many.
uint64_t processors_of(std::istream& limit) {
  uint64_t time = 0, period = 0;
  return limit >> time >> period && period > 0 ? std::max<uint64_t>(1, time / period + (time % period > 0)) : no_limit;
}

uint64_t limit_of_groups(std::string_view memberships, const std::string& root, const char* file, uint64_t limit_of(std::istream&)) {
  std::string group = group_of_controller(memberships, "");
  if (!group.starts_with('/')) group.clear();  // none, or nothing that the system writes
  uint64_t least = no_limit;
  for (;;) {
    std::ifstream limit(root + group + "/" + file);
    least = std::min(least, limit_of(limit));
    if (group.empty()) return least;
    group.resize(group.rfind('/'));
  }
}

std::string memberships_of_this_process() { return read_small_file("/proc/self/cgroup"); }

}  // namespace

uint64_t memory_limit_of_groups(std::string_view memberships, const std::string& root) {
  return limit_of_groups(memberships, root, "memory.max", bytes_of);
}

uint64_t processor_limit_of_groups(std::string_view memberships, const std::string& root) {
  return limit_of_groups(memberships, root, "cpu.max", processors_of);
}

uint64_t usable_memory_bytes() {
  const uint64_t machine = uint64_t(sysconf(_SC_PHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE));
  return std::min(machine, memory_limit_of_groups(memberships_of_this_process(), groups_root));
}

size_t usable_processors() {
  cpu_set_t allowed;
  // Refused where the machine has more processors than the set has room for (1,024).
  const bool is_known = sched_getaffinity(0, sizeof allowed, &allowed) == 0;
  const uint64_t here = std::max(1u, is_known ? unsigned(CPU_COUNT(&allowed)) : std::thread::hardware_concurrency());
  return size_t(std::min(here, processor_limit_of_groups(memberships_of_this_process(), groups_root)));
}

size_t usable_descriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? size_t(limit.rlim_cur) : size_t(sysconf(_SC_OPEN_MAX));
}

}  // namespace outcrop
