// How sandboxes are made: what the machine allows, and what an environment gets of it.
#include <fmt/format.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>

#include "base/log.h"
#include "base/process_launch.h"
#include "runner/sandbox/sandbox.h"
#include "runner/sandbox/sandbox_parts.h"
#include "runner/sandbox/small_file.h"

namespace outcrop::runner {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_prefix = "outcrop-";

bool is_root() { return geteuid() == 0; }

// Whether users from `first` on are there at all: a container may have few (user_namespaces(7), /proc/PID/uid_map: inside, outside, count).
bool has_users_from(uint32_t first) {
  const std::string map = read_small_file("/proc/self/uid_map");
  for (std::string_view rest = map; !rest.empty();) {
    const std::string line(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    unsigned long inside = 0, outside = 0, count = 0;
    if (std::sscanf(line.c_str(), "%lu %lu %lu", &inside, &outside, &count) != 3) continue;
    if (inside <= first && first + uint64_t(limits::users_max) <= inside + count) return true;
  }
  return false;
}

std::vector<std::string> existing(std::vector<std::string> folders) {
  std::error_code ignored;
  std::erase_if(folders, [&](const std::string& folder) { return !fs::is_directory(folder, ignored); });
  return folders;
}

}  // namespace

Sandboxes::Sandboxes(World& world, SandboxOptions options)
    : world_(world),
      options_(std::move(options)),
      has_few_users_(!has_users_from(limits::first_user_default)),
      next_user_(uint32_t(world.random.next()) % limits::users_max) {}

Task<Result<std::unique_ptr<Sandboxes>>> Sandboxes::probe(World& world, SandboxOptions options) {
  std::unique_ptr<Sandboxes> sandboxes(new Sandboxes(world, std::move(options)));
  std::error_code error;
  fs::create_directories(sandboxes->options_.directory, error);
  if (error) co_return fail("ServiceException", 500, sandboxes->options_.directory + " cannot be made: " + error.message());
  fs::permissions(sandboxes->options_.directory, fs::perms(0711), error);
  sandboxes->sweep_directory();
  sandboxes->find_cgroups();
  co_await sandboxes->find_means();
  co_return sandboxes;
}

void Sandboxes::find_cgroups() {
  auto found = options_.uses_cgroups ? Cgroups::find() : Result<Cgroups>(fail("NoCgroups", 500, "left out"));
  if (found) {
    found->sweep(name_prefix);
    auto tried = found->make(fmt::format("{}{}-0", name_prefix, getpid()), 64 << 20, 16);
    if (tried) (*tried)->remove();
    if (!tried) found = std::unexpected(tried.error());
  }
  if (found) cgroups_ = std::move(*found);
  if (!found) left_out_.push_back("The memory of functions is watched, not bounded by the system: " + found.error().message);
}

// The most that works.
Task<void> Sandboxes::find_means() {
  Means wanted{.namespaces = CLONE_NEWNS | CLONE_NEWPID | (is_root() ? 0 : CLONE_NEWUSER), .has_own_proc = true};
  wanted.has_own_users = is_root() && options_.uses_own_users;
  if (!options_.uses_namespaces) wanted.namespaces = 0;
  Result<void> tried = co_await try_means(wanted);
  std::string reason = tried ? "" : tried.error().message;
  if (!tried && wanted.has_own_users) {
    Means users_alone{.has_own_users = true};
    const Result<void> allowed = co_await try_means(users_alone);
    if (!allowed) {
      wanted.has_own_users = false;
      left_out_.push_back("Functions run as root, without what root may do: " + allowed.error().message);
      tried = co_await try_means(wanted);
    }
  }
  if (!tried) {
    wanted.has_own_proc = false;
    tried = co_await try_means(wanted);
    if (tried) left_out_.push_back("Functions see the names of other processes: " + reason);
  }
  if (!tried) wanted.namespaces = 0;
  if (wanted.namespaces == 0) {
    reason = options_.uses_namespaces ? reason : "left out";
    left_out_.push_back("Functions share /tmp, see the machine's files and can write where their user may: " + reason);
    if (!wanted.has_own_users) left_out_.push_back("Functions run as the server's own user and can reach what it can.");
    if (!wanted.has_own_users && !cgroups_)
      left_out_.push_back("The number of a function's processes is watched, not bounded by the system.");
  }
  means_ = wanted;
}

// A confinement that is allowed comes as far as the program, which there is none of.
Task<Result<void>> Sandboxes::try_means(Means means) {
  Sandbox::Parts parts{.owner = *this, .name = "probe"};
  if (means.has_own_users) parts.user = next_user();
  const Means before = std::exchange(means_, means);
  auto steps = confinement({.code_directory = "/", .program = "/"}, parts);
  means_ = before;
  auto started = co_await keep(world_.processes.start({.arguments = {"/"}, .confinement = std::move(steps)}));
  if (!started && started.error().code == "ProcessNotConfined") {
    const std::string& message = started.error().message;
    co_return fail("NotAllowed", 500, message.substr(message.find("started: ") + 9));
  }
  co_return {};
}

// Of servers that were killed: "outcrop-PID-NUMBER".
void Sandboxes::sweep_directory() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(options_.directory, ignored)) {
    const std::string name = entry.path().filename();
    const uint64_t server = name.starts_with(name_prefix) ? leading_number(std::string_view(name).substr(name_prefix.size())) : 0;
    if (is_left_by(server)) fs::remove_all(entry.path(), ignored);
  }
}

// In turn, so that what a user left behind is long gone before another gets its number.
uint32_t Sandboxes::next_user() {
  return has_few_users_ ? limits::first_user_of_few + next_user_++ % limits::few_users_max
                        : limits::first_user_default + next_user_++ % limits::users_max;
}

// None: the function runs as who the server is, because a user of its own could not get at what it reads.
std::optional<uint32_t> Sandboxes::take_user(const SandboxSpec& spec) {
  if (!means_.has_own_users) return std::nullopt;
  std::vector<std::string> needed = spec.directories;
  const std::string program = program_path(spec.program);
  std::error_code problem;
  const fs::path real_program = fs::weakly_canonical(program, problem);
  needed.insert(needed.end(), {spec.code_directory, problem ? program : real_program.string()});
  std::scoped_lock lock(mutex_);
  uint32_t user = next_user();
  while (users_.contains(user)) user = next_user();
  for (const std::string& path : needed) {
    const auto kept_out = obstacle(path, user);
    if (!kept_out || (has_mounts() && *kept_out != path)) continue;  // with mounts it can be had elsewhere
    if (unreached_said_.insert(*kept_out).second) {
      log::warning("A function runs as root, without what root may do, because other users cannot enter a folder it reads: chmod o+rx it.",
                   {{"folder", *kept_out}});
    }
    return std::nullopt;
  }
  users_.insert(user);
  return user;
}

void Sandboxes::give_back_user(uint32_t user) {
  std::scoped_lock lock(mutex_);
  users_.erase(user);
}

Task<Result<std::unique_ptr<Sandbox>>> Sandboxes::make(SandboxSpec spec) {
  auto made = co_await world_.pool.run([this, &spec] { return std::make_shared<Result<std::unique_ptr<Sandbox>>>(make_now(spec)); });
  co_return std::move(*made);
}

Result<std::unique_ptr<Sandbox>> Sandboxes::make_now(const SandboxSpec& spec) {
  Sandbox::Parts parts{.owner = *this, .name = fmt::format("{}{}-{}", name_prefix, getpid(), ++made_), .user = take_user(spec)};
  UsageLimits usage{.memory_bytes_max = uint64_t(spec.memory_mb) << 20,
                    .processes_max = spec.processes_max,
                    .temporary_bytes_max = uint64_t(spec.temporary_mb) << 20};
  if (cgroups_) {
    const uint64_t in_tmp = has_mounts() ? usage.temporary_bytes_max : 0;
    auto cgroup = cgroups_->make(parts.name, usage.memory_bytes_max + in_tmp + limits::cgroup_allowance_bytes, spec.processes_max);
    if (!cgroup) return fail("ServiceException", 500, cgroup.error().message);
    parts.cgroup = std::move(*cgroup);
  }
  if (!has_mounts()) {
    parts.temporary_directory = usage.temporary_directory = options_.directory + "/" + parts.name;
    std::error_code error;
    fs::create_directory(parts.temporary_directory, error);
    fs::permissions(parts.temporary_directory, fs::perms::owner_all, error);
    if (parts.user && chown(parts.temporary_directory.c_str(), *parts.user, *parts.user) != 0) error = {errno, std::generic_category()};
    if (error) return fail("ServiceException", 500, parts.temporary_directory + " cannot be made: " + error.message());
  }
  parts.is_marked = !has_mounts() && !parts.user;
  parts.usage = std::make_shared<Usage>(watch_, std::move(usage), parts.cgroup, parts.user);
  parts.confinement = confinement(spec, parts);
  watch_.add(parts.usage);
  return std::unique_ptr<Sandbox>(new Sandbox(std::move(parts)));
}

std::shared_ptr<const Confinement> Sandboxes::confinement(const SandboxSpec& spec, const Sandbox::Parts& parts) const {
  SandboxConfinement::Plan plan{.namespaces = means_.namespaces, .user = parts.user, .usage = parts.usage};
  if (has_mounts()) {
    const std::string program = program_path(spec.program);
    std::vector<std::string> kept = spec.directories, programs;
    kept.push_back(spec.code_directory);
    // Around a program of the machine lies its library; around one that the function brings, the code of others.
    (program.starts_with(spec.code_directory + "/") ? kept : programs).push_back(program);
    plan.mounts.emplace(MountNeeds{.temporary_mb = spec.temporary_mb,
                                   .hidden = existing(options_.hidden),
                                   .kept = std::move(kept),
                                   .programs = std::move(programs),
                                   .user = parts.user,
                                   .has_own_proc = means_.has_own_proc});
  }
  plan.limits = {{RLIMIT_CORE, 0}, {RLIMIT_NOFILE, limits::sandbox_descriptors_max}};
  const bool is_counted_alone = parts.user || (means_.namespaces & CLONE_NEWUSER);
  if (is_counted_alone) plan.limits.emplace_back(RLIMIT_NPROC, spec.processes_max);
  if (!is_counted_alone && parts.cgroup) plan.cgroup_doors = parts.cgroup->open_doors();  // nothing else bounds what it starts
  return std::make_shared<SandboxConfinement>(std::move(plan));
}

}  // namespace outcrop::runner
