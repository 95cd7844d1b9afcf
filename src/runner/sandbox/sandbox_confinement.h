// SandboxConfinement: the steps by which a function's process gives up what it must not have, in the order they need.
#pragma once
#include <sys/resource.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/process.h"
#include "runner/sandbox/mounts.h"
#include "runner/sandbox/usage.h"

namespace outcrop::runner {

class SandboxConfinement final : public Confinement {
 public:
  struct Plan {
    int namespaces = 0;
    // Of a Cgroup that outlives the start. None: it is moved there while its program starts already, because the system may take 10 ms to.
    std::vector<int> cgroup_doors = {};
    std::optional<MountPlan> mounts = {};             // in a mount namespace
    std::vector<std::pair<int, rlim_t>> limits = {};  // RLIMIT_…
    // And group, to become; none: it stays who it is, and as root loses what root may do.
    std::optional<uint32_t> user = {};
    std::shared_ptr<Usage> usage = {};  // to be told who to watch
  };

  explicit SandboxConfinement(Plan plan);

  int namespaces() const override { return plan_.namespaces; }
  Refusal apply() const noexcept override;
  void started(pid_t id) const override;

 private:
  Refusal keep_user_in_namespace() const noexcept;
  Refusal give_up_privileges() const noexcept;

  const Plan plan_;
  const bool is_root_;
  const std::string user_map_, group_map_;
};

// Whoever starts with it kills all processes of `user` and does not run.
class EndOfUser final : public Confinement {
 public:
  explicit EndOfUser(uint32_t user) : user_(user) {}

  int namespaces() const override { return 0; }
  Refusal apply() const noexcept override;

 private:
  const uint32_t user_;
};

}  // namespace outcrop::runner
