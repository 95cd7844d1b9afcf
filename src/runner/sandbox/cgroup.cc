#include "runner/sandbox/cgroup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "base/control_group.h"
#include "runner/sandbox/limits.h"
#include "runner/sandbox/small_file.h"

namespace outcrop::runner {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view own_leaf = "outcrop-server";

std::unexpected<Fault> no_cgroups(std::string reason) { return fail("NoCgroups", 500, std::move(reason)); }

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

// In a container the path may be one of the host's, whose root it is that is mounted.
std::string folder_of(const std::string& mounted, const std::string& path) {
  const std::string folder = path == "/" ? mounted : mounted + path;
  return fs::exists(folder + "/cgroup.procs") ? folder : mounted;
}

bool has_word(const std::string& text, std::string_view word) {
  return (" " + text + " ").contains(fmt::format(" {} ", word)) || (" " + text).contains(fmt::format(" {}\n", word));
}

bool gives_both(const std::string& text) { return has_word(text, "memory") && has_word(text, "pids"); }

// A group of version 2 that has groups below it may have no processes of its own (cgroups(7), "No internal processes"): this process, when
// it is alone in its group, moves to a leaf.
Result<void> hand_down_controllers(const std::string& folder) {
  if (!gives_both(read_small_file(folder + "/cgroup.controllers"))) return no_cgroups("memory and pids are not handed to " + folder);
  if (gives_both(read_small_file(folder + "/cgroup.subtree_control"))) return {};
  if (write_small_file(folder + "/cgroup.subtree_control", "+memory +pids")) return {};
  const std::string self = std::to_string(getpid());
  if (read_small_file(folder + "/cgroup.procs") != self + "\n") return no_cgroups(folder + " has other processes than this server");
  const std::string leaf = fmt::format("{}/{}", folder, own_leaf);
  mkdir(leaf.c_str(), 0755);
  if (write_small_file(leaf + "/cgroup.procs", self) && write_small_file(folder + "/cgroup.subtree_control", "+memory +pids")) return {};
  const std::string reason = folder + ": " + last_error();
  write_small_file(folder + "/cgroup.procs", self);
  rmdir(leaf.c_str());
  return no_cgroups(reason);
}

Result<std::vector<std::string>> find_v2(const std::string& mounted, const std::string& own) {
  const std::string path = group_of_controller(own, "");
  if (path.empty() || !fs::exists(mounted + "/cgroup.controllers")) return no_cgroups("there is no cgroup file system at " + mounted);
  const std::string folder = folder_of(mounted, path);
  if (access(folder.c_str(), W_OK) != 0) return no_cgroups(folder + ": " + last_error());
  if (const auto handed = hand_down_controllers(folder); !handed) return std::unexpected(handed.error());
  return std::vector{folder};
}

Result<std::vector<std::string>> find_v1(const std::string& mounted, const std::string& own) {
  std::vector<std::string> folders;
  for (const char* controller : {"memory", "pids"}) {
    const std::string folder = folder_of(fmt::format("{}/{}", mounted, controller), group_of_controller(own, controller));
    if (access(folder.c_str(), W_OK) != 0) return no_cgroups(folder + ": " + last_error());
    folders.push_back(folder);
  }
  return folders;
}

// A limit that the system has no file for (swap) is none that can be set.
bool set_limit(const std::string& path, uint64_t limit) { return !fs::exists(path) || write_small_file(path, std::to_string(limit)); }

bool set_limits(const std::vector<std::string>& folders, bool is_v2, uint64_t memory_bytes_max, uint64_t processes_max) {
  const std::string& memory = folders.front();
  const std::string& pids = folders.back();
  if (!set_limit(pids + "/pids.max", processes_max)) return false;
  if (is_v2) return set_limit(memory + "/memory.max", memory_bytes_max) && set_limit(memory + "/memory.swap.max", 0);
  return set_limit(memory + "/memory.limit_in_bytes", memory_bytes_max) &&
         set_limit(memory + "/memory.memsw.limit_in_bytes", memory_bytes_max);
}

}  // namespace

Cgroup::Cgroup(std::vector<std::string> folders, bool is_v2) : folders_(std::move(folders)), is_v2_(is_v2) {
  const std::string usage = folders_.front() + (is_v2_ ? "/memory.current" : "/memory.usage_in_bytes");
  const std::string events = folders_.front() + (is_v2_ ? "/memory.events" : "/memory.oom_control");
  usage_ = open(usage.c_str(), O_RDONLY | O_CLOEXEC);
  events_ = open(events.c_str(), O_RDONLY | O_CLOEXEC);
}

Cgroup::~Cgroup() {
  for (int door : doors_) close(door);
  if (usage_ >= 0) close(usage_);
  if (events_ >= 0) close(events_);
}

void Cgroup::take_in(pid_t id) const {
  for (const std::string& folder : folders_) write_small_file(folder + "/cgroup.procs", std::to_string(id));
}

const std::vector<int>& Cgroup::open_doors() {
  for (const std::string& folder : folders_) {
    const int file = open((folder + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
    doors_.push_back(fcntl(file, F_DUPFD_CLOEXEC, 10));
    if (file >= 0) close(file);
  }
  return doors_;
}

uint64_t Cgroup::memory_bytes() const {
  char text[32];
  const ssize_t count = pread(usage_, text, sizeof text, 0);
  return count > 0 ? leading_number({text, size_t(count)}) : 0;
}

// Asked after every invocation, hence of a file that stays open.
bool Cgroup::was_out_of_memory() const {
  char text[512];
  const ssize_t count = pread(events_, text, sizeof text, 0);
  return count > 0 && number_named({text, size_t(count)}, "oom_kill") > 0;
}

std::vector<pid_t> Cgroup::members() const {
  const std::string text = read_small_file(folders_.front() + "/cgroup.procs");
  std::vector<pid_t> ids;
  for (std::string_view line : lines_of(text)) ids.push_back(pid_t(leading_number(line)));
  return ids;
}

void Cgroup::kill_all() const {
  write_small_file(folders_.back() + "/pids.max", "0");  // none is started meanwhile
  write_small_file(folders_.front() + "/cgroup.kill", "1");
  wait_in_rounds(limits::kill_rounds_max, [this] {
    const std::vector<pid_t> ids = members();
    for (pid_t id : ids) kill(id, SIGKILL);
    return ids.empty();
  });
}

void Cgroup::remove() {
  for (const std::string& folder : folders_) {
    wait_in_rounds(limits::kill_rounds_max, [&folder] { return rmdir(folder.c_str()) == 0 || errno != EBUSY; });
  }
}

Result<Cgroups> Cgroups::find(const std::string& mounted, const std::string& own) {
  const std::string groups = read_small_file(own);
  const bool is_v1 = !group_of_controller(groups, "memory").empty() && !group_of_controller(groups, "pids").empty();
  auto parents = is_v1 ? find_v1(mounted, groups) : find_v2(mounted, groups);
  if (!parents) return std::unexpected(parents.error());
  return Cgroups(std::move(*parents), !is_v1);
}

Result<std::unique_ptr<Cgroup>> Cgroups::make(std::string_view name, uint64_t memory_bytes_max, uint64_t processes_max) const {
  std::vector<std::string> folders;
  for (const std::string& parent : parents_) folders.push_back(fmt::format("{}/{}", parent, name));
  std::string problem;
  for (const std::string& folder : folders) {
    if (mkdir(folder.c_str(), 0755) != 0) problem = folder + ": " + last_error();
  }
  if (problem.empty() && !set_limits(folders, is_v2_, memory_bytes_max, processes_max)) problem = folders.front() + ": " + last_error();
  if (problem.empty()) return std::make_unique<Cgroup>(std::move(folders), is_v2_);
  for (const std::string& folder : folders) rmdir(folder.c_str());
  return no_cgroups(std::move(problem));
}

void Cgroups::sweep(std::string_view prefix) const {
  for (const std::string& parent : parents_) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
      const std::string name = entry.path().filename();
      const uint64_t server = name.starts_with(prefix) ? leading_number(std::string_view(name).substr(prefix.size())) : 0;
      if (!is_left_by(server)) continue;
      Cgroup left({entry.path()}, is_v2_);
      left.kill_all();
      left.remove();
    }
  }
}

}  // namespace outcrop::runner
