// Programs of this machine. One thread starts all of them, so that a start never holds up what the others say; another watches them. Both
// begin with the first program.
#pragma once
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "base/executor.h"
#include "base/process.h"
#include "base/process_launch.h"

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
  struct Source;
  struct State;
  struct Watched;
  using Started = Result<std::unique_ptr<Process>>;

  void begin();
  void serve_starts();
  Started spawn(ProcessCommand& command, Executor& home, Launcher& launcher);

  void post(Job job);  // to the thread that watches
  void watch();
  void run_jobs();
  void watch_source(Source& source, bool is_watched);
  void adopt(std::unique_ptr<Watched> child);
  void read_source(Source& source);
  void wait_for_home(Watched& child);
  void drain(Watched& child);
  bool has_ended(Watched& child);

  std::mutex mutex_;
  std::condition_variable wake_starter_;
  std::deque<Job> jobs_;                                         // guarded by mutex_
  std::deque<std::move_only_function<void(Launcher&)>> starts_;  // guarded by mutex_
  bool has_begun_ = false;                                       // guarded by mutex_
  bool closing_ = false;                                         // guarded by mutex_
  bool all_started_ = false;                                     // and none will be; guarded by mutex_
  std::thread starter_, watcher_;
  int wake_ = -1;   // an eventfd
  int epoll_ = -1;  // of the watcher, as what follows
  std::list<std::unique_ptr<Watched>> watched_;
  std::string read_;
};

}  // namespace outcrop
