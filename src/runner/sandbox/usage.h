// What environments use of memory and of temporary space, looked at again and again by one thread for all of them: it tells how much it was
// at the most, and kills whoever is beyond its limit. Where the system enforces a limit itself this is the finer one: a cgroup counts
// what a function writes to its /tmp as memory, which AWS does not.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runner/sandbox/cgroup.h"

namespace outcrop::runner {

// The machine's processes at one moment.
class ProcessTable {
 public:
  static ProcessTable read();

  // `root`, what it started, what those started, and whatever else belongs to `user`.
  std::vector<pid_t> group_of(pid_t root, std::optional<uint32_t> user) const;

 private:
  struct Row {
    pid_t id, parent;
    uint32_t user;
  };
  std::vector<Row> rows_;
};

struct UsageLimits {
  uint64_t memory_bytes_max = 0;
  uint64_t processes_max = 0;
  std::string temporary_directory = {};  // whose size nobody else bounds; empty: none
  uint64_t temporary_bytes_max = 0;
};

class UsageWatch;

// Of one environment. Thread-safe.
class Usage {
 public:
  // `user`: whose processes are all the environment's. `cgroup` may be null.
  Usage(UsageWatch& watch, UsageLimits limits, std::shared_ptr<Cgroup> cgroup, std::optional<uint32_t> user);
  Usage(const Usage&) = delete;
  ~Usage();

  void started(pid_t id);
  // On the watching thread. Null when the cgroup says who belongs to it.
  void look(const ProcessTable* processes);
  bool needs_process_table() const { return !cgroup_; }

  uint64_t memory_bytes_peak();
  bool was_out_of_memory() const;
  bool was_out_of_storage() const { return was_out_of_storage_; }

 private:
  void join_cgroup();
  std::vector<pid_t> left_outside() const;
  void look_at_memory(const ProcessTable* processes);
  std::vector<pid_t> group(const ProcessTable* processes) const;
  uint64_t note_memory(const std::vector<pid_t>& ids);
  void look_at_storage();
  void kill();

  UsageWatch& watch_;
  const UsageLimits limits_;
  const std::shared_ptr<Cgroup> cgroup_;
  const std::optional<uint32_t> user_;
  std::atomic<pid_t> id_ = 0;
  std::atomic<int> pidfd_ = -1;
  std::atomic<uint64_t> peak_ = 0;
  std::atomic<bool> was_out_of_memory_ = false, was_out_of_storage_ = false;
  bool has_joined_ = false;    // its cgroup; the watching thread's
  bool has_looked_ = false;    // the watching thread's
  uint64_t counted_last_ = 0;  // by the cgroup; the watching thread's
  int looks_ = 0;              // the watching thread's
};

class UsageWatch {
 public:
  UsageWatch() = default;
  UsageWatch(const UsageWatch&) = delete;
  ~UsageWatch();

  void add(std::shared_ptr<Usage> usage);
  void remove(const std::shared_ptr<Usage>& usage);
  void look_now();

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Usage>> watched_;  // guarded by mutex_
  bool is_asked_ = false;                        // guarded by mutex_
  bool closing_ = false;                         // guarded by mutex_
  std::thread thread_;                           // guarded by mutex_
};

}  // namespace outcrop::runner
