// Sandboxes: what keeps a function to itself, by what Linux offers to this process: namespaces, cgroups, users of its own as root, limits.
// Each of them is used where the machine allows it, which is tried once; what is left out is said, in sentences for the log.
//
// Of one environment, a function's processes: see the file system read-only, with a /tmp of the configured size that is theirs, and not
// what the server keeps; see no other processes; cannot gain privileges; are killed beyond their memory; are at the most
// limits::sandbox_processes_max; and all end when the first of them does, or the server.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/process.h"
#include "core/world.h"
#include "runner/sandbox/cgroup.h"
#include "runner/sandbox/limits.h"
#include "runner/sandbox/usage.h"

namespace outcrop::runner {

struct SandboxOptions {
  std::string directory;                 // absolute; for the temporary files of functions that cannot have a /tmp; made when missing
  std::vector<std::string> hidden = {};  // folders that functions must not look into: the data directory
  // What tests leave out.
  bool uses_namespaces = true, uses_cgroups = true, uses_own_users = true;
};

struct SandboxSpec {
  int memory_mb = 128;
  int temporary_mb = 512;
  std::string code_directory;                 // absolute
  std::string program;                        // what is run: a path, or a name that is looked for in PATH
  std::vector<std::string> directories = {};  // others that it reads, absolute: bootstraps, libraries
  uint64_t processes_max = limits::sandbox_processes_max;
};

class Sandboxes;

// Of one environment, for one start of its program. It outlives the process.
class Sandbox {
 public:
  Sandbox(const Sandbox&) = delete;
  ~Sandbox();  // after remove()

  // Also gives it TMPDIR where it cannot have a /tmp of its own, and HOME there instead of in /tmp.
  void confine(ProcessCommand& command) const;

  // Of its own; none: this process' one.
  std::optional<uint32_t> user() const;
  uint64_t memory_used_peak() const;  // bytes, at most its memory
  // Whether that is why it was killed.
  bool was_out_of_memory() const;
  bool was_out_of_storage() const;  // where it cannot have a /tmp of its own

  // After its process ended: ends what that left behind, and removes its files.
  Task<void> remove();

 private:
  friend Sandboxes;
  struct Parts;
  explicit Sandbox(Parts parts);

  std::unique_ptr<Parts> parts_;
};

// Must outlive its sandboxes. Thread-safe.
class Sandboxes {
 public:
  // Tries what the machine allows, and ends what a killed server left behind.
  static Task<Result<std::unique_ptr<Sandboxes>>> probe(World& world, SandboxOptions options);

  // "Functions share …: REASON"; empty: nothing.
  const std::vector<std::string>& left_out() const { return left_out_; }

  // Faults: ServiceException 500.
  Task<Result<std::unique_ptr<Sandbox>>> make(SandboxSpec spec);

 private:
  friend Sandbox;
  // How a program can be kept apart.
  struct Means {
    int namespaces = 0;
    bool has_own_proc = false;
    bool has_own_users = false;
  };

  Sandboxes(World& world, SandboxOptions options);
  Task<void> find_means();
  void find_cgroups();
  Task<Result<void>> try_means(Means means);
  void sweep_directory() const;
  bool has_mounts() const { return means_.namespaces != 0; }
  uint32_t next_user();
  std::optional<uint32_t> take_user(const SandboxSpec& spec);
  void give_back_user(uint32_t user);
  Result<std::unique_ptr<Sandbox>> make_now(const SandboxSpec& spec);
  std::shared_ptr<const Confinement> confinement(const SandboxSpec& spec, const Sandbox::Parts& parts) const;

  World& world_;
  const SandboxOptions options_;
  const bool has_few_users_;
  Means means_;
  std::optional<Cgroups> cgroups_;
  std::vector<std::string> left_out_;
  UsageWatch watch_;
  std::atomic<uint64_t> made_ = 0;
  std::mutex mutex_;
  uint32_t next_user_;                    // counted from the first; guarded by mutex_
  std::set<uint32_t> users_;              // that environments have; guarded by mutex_
  std::set<std::string> unreached_said_;  // what a user of its own cannot get at; guarded by mutex_
};

}  // namespace outcrop::runner
