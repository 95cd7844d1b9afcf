// Cgroups: what groups of processes may use of memory and processes, enforced by the system: version 1 and 2 (cgroups(7)), below this
// process' own cgroup and only where it may write there.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::runner {

// One group of processes. Blocking calls, short ones.
class Cgroup {
 public:
  // `folders`: one in version 2; those of the memory and pids controllers in version 1.
  Cgroup(std::vector<std::string> folders, bool is_v2);
  Cgroup(const Cgroup&) = delete;
  ~Cgroup();  // after remove()

  // Moves a process that runs, and what it will start.
  void take_in(pid_t id) const;
  // A process that writes "0" to each of these moves itself. Open until this goes, from 10 up.
  const std::vector<int>& open_doors();
  uint64_t memory_bytes() const;  // also of files it has open, and of those in a memory file system
  bool was_out_of_memory() const;
  std::vector<pid_t> members() const;
  // Until none is left.
  void kill_all() const;
  void remove();

 private:
  const std::vector<std::string> folders_;
  const bool is_v2_;
  std::vector<int> doors_;
  int usage_ = -1, events_ = -1;
};

class Cgroups {
 public:
  // Looks below `mounted` for where groups can be made; `own` says which this process is in (/proc/self/cgroup). Faults: NoCgroups 500,
  // with the reason.
  static Result<Cgroups> find(const std::string& mounted = "/sys/fs/cgroup", const std::string& own = "/proc/self/cgroup");

  // Faults: NoCgroups 500.
  Result<std::unique_ptr<Cgroup>> make(std::string_view name, uint64_t memory_bytes_max, uint64_t processes_max) const;
  // Ends what is left of servers that were killed: groups whose name begins with `prefix` and a process' id that is no more.
  void sweep(std::string_view prefix) const;

 private:
  Cgroups(std::vector<std::string> parents, bool is_v2) : parents_(std::move(parents)), is_v2_(is_v2) {}

  std::vector<std::string> parents_;
  bool is_v2_;
};

}  // namespace outcrop::runner
