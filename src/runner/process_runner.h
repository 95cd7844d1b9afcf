// ProcessRunner: runs functions in processes of this machine: environments, kept warm, made as they are needed, ended when they are not.
// Every function is at home on one loop, with all of its versions, so that nothing of it needs a lock.
#pragma once
#include <memory>
#include <vector>

#include "core/log_sink.h"
#include "core/world.h"
#include "net/event_loop.h"
#include "runner/concurrency.h"
#include "runner/runner.h"
#include "runner/surroundings.h"

namespace outcrop::runner {

class LoopRunner;
class MachineRoom;

// The times a test makes short.
struct RunnerPace {
  Milliseconds init_timeout = limits::init_timeout;
};

struct RunnerOptions {
  Milliseconds idle_timeout = limits::idle_timeout;  // an environment that is not used ends
  size_t environments_max = 0;                       // of this machine; 0: as its memory allows
  RunnerPace pace = {};
};

// So many as this machine's memory allows by default.
size_t environments_for_memory();

// All must outlive the runner. `loops` are the world's executors.
struct RunnerParts {
  World& world;
  net::Loops& loops;
  LogSink& logs;
  Surroundings& surroundings;
};

// Thread-safe; on the world's executors.
class ProcessRunner final : public FunctionRunner {
 public:
  explicit ProcessRunner(RunnerParts parts, RunnerOptions options = {});
  ~ProcessRunner() override;  // after stop()

  Task<Result<std::unique_ptr<Answer>>> invoke(FunctionVersionRef function, Invocation invocation) override;
  Task<void> provision(FunctionVersionRef function, uint32_t count) override;
  Task<ProvisionedState> provisioned_state(FunctionVersionRef function) override;
  Task<void> forget(std::string function_arn) override;
  Task<void> forget_account(std::optional<std::string> account) override;

  // Once. What runs gets a little time to end; nothing is begun any more.
  Task<void> stop();

  size_t environments() const;  // that are there now

 private:
  LoopRunner& home_of(const FunctionVersion& function) const { return home_of(function.arn()); }
  LoopRunner& home_of(const std::string& arn) const;
  Task<bool> make_room();

  AccountConcurrencies accounts_;
  const std::unique_ptr<MachineRoom> room_;
  std::vector<std::unique_ptr<LoopRunner>> homes_;  // one a loop
};

}  // namespace outcrop::runner
