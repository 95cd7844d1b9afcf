#include "runner/sandbox/sandbox_confinement.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace outcrop::runner {

namespace {

Confinement::Refusal refused_at(const char* step) { return {.error = errno, .step = step}; }

bool write_whole(const char* path, std::string_view text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  const bool is_written = file >= 0 && write(file, text.data(), text.size()) == ssize_t(text.size());
  if (file >= 0) close(file);
  return is_written;
}

// Bare calls: the C library's would tell every thread of the server, whose memory this is, to change its user too.
bool set_user(uint32_t user) {
  return syscall(SYS_setgroups, 0, nullptr) == 0 && syscall(SYS_setresgid, user, user, user) == 0 &&
         syscall(SYS_setresuid, user, user, user) == 0;
}

// Root without the powers of root (capabilities(7)), also of the programs it runs: an owner of files like any other.
bool drop_capabilities() {
  for (unsigned capability = 0; capability <= CAP_LAST_CAP; ++capability) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (prctl(PR_SET_SECUREBITS, SECURE_ALL_BITS | SECURE_ALL_LOCKS, 0, 0, 0) != 0 && errno != EPERM) return false;
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const __user_cap_data_struct none[2] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

}  // namespace

SandboxConfinement::SandboxConfinement(Plan plan)
    : plan_(std::move(plan)),
      is_root_(geteuid() == 0),
      user_map_(fmt::format("{0} {0} 1\n", geteuid())),
      group_map_(fmt::format("{0} {0} 1\n", getegid())) {}

Confinement::Refusal SandboxConfinement::apply() const noexcept {
  umask(022);
  for (int door : plan_.cgroup_doors) {
    if (write(door, "0", 1) != 1) return refused_at("joining its cgroup");
  }
  if (plan_.namespaces & CLONE_NEWUSER) {
    if (const Refusal refusal = keep_user_in_namespace(); refusal.error != 0) return refusal;
  }
  if (plan_.mounts) {
    if (const Refusal refusal = plan_.mounts->apply(); refusal.error != 0) return refusal;
  }
  for (const auto& [resource, most] : plan_.limits) {
    const rlimit limit{.rlim_cur = most, .rlim_max = most};
    if (setrlimit(__rlimit_resource(resource), &limit) != 0) return refused_at("limiting what it uses");
  }
  return give_up_privileges();
}

Confinement::Refusal SandboxConfinement::give_up_privileges() const noexcept {
  if (plan_.user && !set_user(*plan_.user)) return refused_at("becoming a user of its own");
  if (is_root_ && !plan_.user && !drop_capabilities()) return refused_at("giving up what root may do");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused_at("giving up new privileges");
  return {};
}

// The user stays who it was; what was allowed in the namespace goes with the first program it runs.
Confinement::Refusal SandboxConfinement::keep_user_in_namespace() const noexcept {
  const bool is_mapped = write_whole("/proc/self/setgroups", "deny") && write_whole("/proc/self/uid_map", user_map_) &&
                         write_whole("/proc/self/gid_map", group_map_);
  return is_mapped ? Refusal{} : refused_at("keeping its user in a namespace");
}

void SandboxConfinement::started(pid_t id) const {
  if (plan_.usage) plan_.usage->started(id);
}

Confinement::Refusal EndOfUser::apply() const noexcept {
  if (!set_user(user_)) return refused_at("becoming a user to end its processes");
  kill(-1, SIGKILL);
  return {.error = ECANCELED, .step = "ending a user's processes"};
}

}  // namespace outcrop::runner
