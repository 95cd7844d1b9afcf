#include "runner/sandbox/usage.h"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "runner/sandbox/limits.h"
#include "runner/sandbox/small_file.h"

namespace outcrop::runner {

namespace {

namespace fs = std::filesystem;

// Sizes of folders are looked at less often than memory: it takes a walk.
constexpr int looks_per_storage_look = 10;

struct Memory {
  uint64_t own = 0;     // what no file backs
  uint64_t shared = 0;  // of files: programs, libraries
  uint64_t peak = 0;    // of both

  void add(const Memory& other) {
    own += other.own;
    shared = std::max(shared, other.shared);  // mostly the same files
    peak = std::max(peak, other.peak);
  }
};

Memory memory_of(pid_t id) {
  const std::string status = read_small_file(fmt::format("/proc/{}/status", id));
  auto bytes = [&status](std::string_view name) { return number_named(status, name) << 10; };
  return {.own = bytes("RssAnon"), .shared = bytes("RssFile"), .peak = bytes("VmHWM")};
}

// What no file backs, counted once for all who share it since a fork. Takes longer.
uint64_t exact_memory_of(const std::vector<pid_t>& ids) {
  uint64_t bytes = 0;
  for (pid_t id : ids) bytes += number_named(read_small_file(fmt::format("/proc/{}/smaps_rollup", id)), "Pss_Anon") << 10;
  return bytes;
}

// "12 (a name) S 1 …": the parent, behind a name that may hold anything.
pid_t parent_of(std::string_view stat) {
  const size_t name_end = stat.rfind(')');
  return name_end == std::string_view::npos || name_end + 4 > stat.size() ? 0 : pid_t(leading_number(stat.substr(name_end + 4)));
}

uint64_t size_of_folder(const std::string& path) {
  uint64_t bytes = 0;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(path, error); !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    struct stat found{};
    if (lstat(it->path().c_str(), &found) == 0) bytes += uint64_t(found.st_blocks) * 512;
  }
  return bytes;
}

}  // namespace

ProcessTable ProcessTable::read() {
  ProcessTable table;
  DIR* folder = opendir("/proc");
  if (!folder) return table;
  while (const dirent* entry = readdir(folder)) {
    const pid_t id = pid_t(leading_number(entry->d_name));
    struct stat found{};
    if (id == 0 || fstatat(dirfd(folder), entry->d_name, &found, 0) != 0) continue;
    table.rows_.push_back({id, parent_of(read_small_file(fmt::format("/proc/{}/stat", id))), found.st_uid});
  }
  closedir(folder);
  return table;
}

std::vector<pid_t> ProcessTable::group_of(pid_t root, std::optional<uint32_t> user) const {
  std::vector<pid_t> group{root};
  auto take = [&group](pid_t id) {
    if (std::ranges::find(group, id) == group.end()) group.push_back(id);
  };
  for (size_t at = 0; at < group.size(); ++at) {
    for (const Row& row : rows_) {
      if (row.parent == group[at]) take(row.id);
    }
  }
  for (const Row& row : rows_) {
    if (user && row.user == *user) take(row.id);
  }
  return group;
}

Usage::Usage(UsageWatch& watch, UsageLimits limits, std::shared_ptr<Cgroup> cgroup, std::optional<uint32_t> user)
    : watch_(watch), limits_(std::move(limits)), cgroup_(std::move(cgroup)), user_(user) {}

Usage::~Usage() {
  if (pidfd_ >= 0) close(pidfd_);
}

void Usage::started(pid_t id) {
  pidfd_ = int(syscall(SYS_pidfd_open, id, 0));
  id_ = id;
  if (cgroup_) watch_.look_now();
}

void Usage::look(const ProcessTable* processes) {
  if (id_ == 0) return;
  if (cgroup_ && !std::exchange(has_joined_, true)) join_cgroup();
  look_at_memory(processes);
  if (!limits_.temporary_directory.empty() && looks_++ % looks_per_storage_look == 0) look_at_storage();
}

// While the program starts, because the system takes its time to move it, and with what it started meanwhile.
void Usage::join_cgroup() {
  std::vector<pid_t> left;
  for (int round = 0; round < limits::join_rounds_max && (left = left_outside()).size() > 0; ++round) {
    for (pid_t id : left) cgroup_->take_in(id);
  }
}

std::vector<pid_t> Usage::left_outside() const {
  std::vector<pid_t> ids = ProcessTable::read().group_of(id_, user_);
  const std::vector<pid_t> members = cgroup_->members();
  std::erase_if(ids, [&members](pid_t id) { return std::ranges::find(members, id) != members.end(); });
  return ids;
}

void Usage::look_at_memory(const ProcessTable* processes) {
  if (cgroup_) {
    const uint64_t counted = cgroup_->memory_bytes();
    const uint64_t moved = counted > counted_last_ ? counted - counted_last_ : counted_last_ - counted;
    // What a process took before it was moved here is not counted here: the first look is at the processes.
    if (std::exchange(has_looked_, true) && moved < limits::usage_step_bytes) return;
    counted_last_ = counted;
  }
  const std::vector<pid_t> ids = group(processes);
  const bool is_beyond = note_memory(ids) > limits_.memory_bytes_max;
  if (is_beyond) was_out_of_memory_ = true;
  // Of a cgroup that is out of memory the system kills one process alone.
  if (is_beyond || ids.size() > limits_.processes_max || (cgroup_ && cgroup_->was_out_of_memory())) kill();
}

std::vector<pid_t> Usage::group(const ProcessTable* processes) const {
  return cgroup_ ? cgroup_->members() : processes->group_of(id_, user_);
}

// Gives what no file backs.
uint64_t Usage::note_memory(const std::vector<pid_t>& ids) {
  Memory memory;
  for (pid_t id : ids) memory.add(memory_of(id));
  if (ids.size() > 1 && memory.own > limits_.memory_bytes_max) memory.own = exact_memory_of(ids);
  peak_ = std::max(peak_.load(), std::max(memory.own + memory.shared, memory.peak));
  return memory.own;
}

void Usage::look_at_storage() {
  if (size_of_folder(limits_.temporary_directory) <= limits_.temporary_bytes_max) return;
  was_out_of_storage_ = true;
  kill();
}

// Its first process: what else is in its group is ended with it.
void Usage::kill() { syscall(SYS_pidfd_send_signal, pidfd_.load(), SIGKILL, nullptr, 0); }

uint64_t Usage::memory_bytes_peak() {
  // Before the first look: it may not be in its cgroup yet.
  if (peak_ == 0 && id_ != 0) note_memory(ProcessTable::read().group_of(id_, user_));
  return was_out_of_memory() ? limits_.memory_bytes_max : std::min(peak_.load(), limits_.memory_bytes_max);
}

bool Usage::was_out_of_memory() const { return was_out_of_memory_ || (cgroup_ && cgroup_->was_out_of_memory()); }

UsageWatch::~UsageWatch() {
  {
    std::scoped_lock lock(mutex_);
    closing_ = true;
    if (!thread_.joinable()) return;
  }
  changed_.notify_one();
  thread_.join();
}

void UsageWatch::add(std::shared_ptr<Usage> usage) {
  std::scoped_lock lock(mutex_);
  watched_.push_back(std::move(usage));
  if (!thread_.joinable()) thread_ = std::thread([this] { watch(); });
  changed_.notify_one();
}

void UsageWatch::remove(const std::shared_ptr<Usage>& usage) {
  std::scoped_lock lock(mutex_);
  std::erase(watched_, usage);
}

void UsageWatch::look_now() {
  std::scoped_lock lock(mutex_);
  is_asked_ = true;
  changed_.notify_one();
}

void UsageWatch::watch() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    changed_.wait(lock, [this] { return closing_ || !watched_.empty(); });
    const auto watched = watched_;
    is_asked_ = false;
    lock.unlock();
    std::optional<ProcessTable> processes;
    for (const auto& usage : watched) {
      if (usage->needs_process_table() && !processes) processes = ProcessTable::read();
      usage->look(processes ? &*processes : nullptr);
    }
    lock.lock();
    changed_.wait_for(lock, limits::usage_interval, [this] { return closing_ || is_asked_; });
  }
}

}  // namespace outcrop::runner
