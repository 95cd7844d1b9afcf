// Programs of this machine. One thread starts and watches all of them; it begins with the first.
#pragma once
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include "base/executor.h"
#include "base/process.h"

namespace outcrop {

class RealProcesses final : public Processes {
 public:
  RealProcesses();
  RealProcesses(const RealProcesses&) = delete;
  // Kills what still runs.
  ~RealProcesses() override;

  Task<Result<std::unique_ptr<Process>>> start(ProcessCommand command) override;

 private:
  class Child;
  struct Watched;
  using Started = Result<std::unique_ptr<Process>>;

  void post(Job job);
  void watch();
  void run_jobs();
  Started spawn(ProcessCommand command);
  void read_output(Watched& child);
  bool has_ended(Watched& child);

  std::mutex mutex_;
  std::deque<Job> jobs_;        // guarded by mutex_
  std::thread thread_;          // guarded by mutex_
  bool closing_ = false;        // guarded by mutex_
  int wake_ = -1;               // an eventfd; guarded by mutex_ until the thread runs
  std::list<Watched> watched_;  // the thread's alone
};

}  // namespace outcrop
