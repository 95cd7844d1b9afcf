// Output: what the process of an environment writes, taken from the thread that reads it to the environment's loop and log.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"
#include "core/world.h"
#include "runner/log/environment_log.h"
#include "runner/log/record_frames.h"

namespace outcrop::runner {

class Output : public std::enable_shared_from_this<Output> {
 public:
  // On the environment's loop. `log` is written to until close().
  Output(const World& world, EnvironmentLog& log) : clock_(world.clock), home_(*Executor::current()), log_(&log) {}

  // To be told what the program writes; each keeps this alive.
  void watch(ProcessCommand& command, bool has_records);
  void close() { log_ = nullptr; }  // what still comes is dropped

 private:
  struct Entry {
    Instant at;
    std::optional<uint32_t> record_type;  // none: a line
    std::string text;
  };

  Instant time_of(std::optional<Instant> said) const;
  // On the thread that reads.
  void add(Instant at, std::optional<uint32_t> record_type, std::string_view text);
  // On the loop.
  void hand_over();

  const Clock& clock_;
  Executor& home_;
  EnvironmentLog* log_;
  std::mutex mutex_;
  std::vector<Entry> entries_;  // guarded by mutex_
};

}  // namespace outcrop::runner
