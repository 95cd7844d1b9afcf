// LoopRunner: what a runner has on one loop: the functions that are at home there, each with all of its versions, their pools of
// environments, and whose turn it is to start another one.
#pragma once
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/signal.h"
#include "runner/pool.h"

namespace outcrop::runner {

class LoopRunner final : Pool::Host {
 public:
  // Lets go of an environment of any loop that is free; whether there was one.
  using MakeRoom = std::function<Task<bool>()>;

  // What is passed outlives it.
  LoopRunner(EnvironmentParts parts, AccountConcurrencies& accounts, MachineRoom& room, Milliseconds idle_timeout, MakeRoom make_room);

  net::EventLoop& loop() { return parts_.loop; }

  // All on the loop.
  Task<Result<std::shared_ptr<Execution>>> begin(FunctionVersionRef function, Invocation invocation);
  void provision(FunctionVersionRef function, uint32_t count);
  ProvisionedState provisioned_state(const FunctionVersion& function) const;
  // Return when nothing of it is there any more.
  Task<void> forget(std::string arn);
  Task<void> forget_account(std::optional<std::string> account);
  bool let_go_one();
  Task<void> stop();

 private:
  struct Version {
    std::shared_ptr<Pool> pool;
    uint32_t provisioned = 0;
    std::deque<std::string> past_revisions;
    std::vector<std::shared_ptr<Pool>> past_pools;
    uint64_t code_fingerprint = 0;
    SteadyTime code_checked = SteadyTime::min();
  };
  struct Function {
    std::shared_ptr<FunctionConcurrency> concurrency;
    std::map<std::string, Version, std::less<>> versions;
  };
  struct Turn;

  const EnvironmentParts& parts() override { return parts_; }
  void wants_start(Pool& pool) override;
  void run(Task<void> life) override { tasks_.spawn(std::move(life)); }
  void may_let_go(Environment& environment) override;
  void must_keep(Environment& environment) override;
  void environment_ended() override { environment_ended_.notify_all(); }

  Function& function_of(const FunctionVersion& function);
  Pool& pool_of(Function& known, FunctionVersionRef function);
  Task<void> look_for_changes(FunctionVersionRef function);
  void begin_turns();
  void refuse_turns();
  Task<void> start_one(std::shared_ptr<Pool> pool);
  void give(Pool& pool, StartGrant grant);
  void watch_idle();
  void let_go_of_idle();
  Task<void> kill(std::map<std::string, Function, std::less<>> functions);
  SteadyTime now() const { return parts_.world.clock.steady(); }

  const EnvironmentParts parts_;
  AccountConcurrencies& accounts_;
  MachineRoom& room_;
  const Milliseconds idle_timeout_;
  const MakeRoom make_room_;
  std::map<std::string, Function, std::less<>> functions_;  // by ARN
  std::deque<std::shared_ptr<Pool>> wanting_;               // whose turn it is to start an environment
  size_t turns_ = 0;
  std::list<Environment*> may_let_go_;  // the one that is free for longest first
  Timer idle_timer_;
  Signal environment_ended_;
  bool is_stopping_ = false;
  TaskGroup tasks_;
};

}  // namespace outcrop::runner
