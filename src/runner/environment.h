// Environment: one execution environment of a function's version: a process, the Runtime API that it is served, and its log, from its Init
// phase over any number of invocations, one at a time, to its end.
#pragma once
#include <unistd.h>

#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/process.h"
#include "base/task_group.h"
#include "core/world.h"
#include "net/server.h"
#include "runner/environment_variables.h"
#include "runner/execution.h"
#include "runner/limits.h"
#include "runner/log/environment_log.h"
#include "runner/output.h"
#include "runner/room.h"
#include "runner/runtime_api.h"
#include "runner/sandbox/sandbox.h"
#include "runner/surroundings.h"

namespace outcrop::runner {

// What all environments of a loop stand on; outlives them.
struct EnvironmentParts {
  World& world;
  net::EventLoop& loop;
  LogSink& logs;
  Surroundings& surroundings;
  Sandboxes* sandboxes;  // null: functions are not kept apart
  Milliseconds init_timeout;
};

// All of it on one loop.
class Environment final : public std::enable_shared_from_this<Environment>, RuntimeApi::Owner {
 public:
  // Whom it works for, told from within what happens to it.
  struct Keeper {
    virtual void is_initialised(Environment& environment) = 0;
    virtual void is_free(Environment& environment) = 0;       // for another invocation
    virtual void has_answered(Environment& environment) = 0;  // and will be free soon
    virtual void is_leaving(Environment& environment) = 0;    // once: it takes no invocations any more
    // Its Init phase failed; the invocation that gets another attempt, if one waits.
    virtual std::shared_ptr<Execution> take_for_retry(Environment& environment) = 0;

   protected:
    ~Keeper() = default;
  };

  // The keeper outlives live().
  Environment(const EnvironmentParts& parts, Keeper& keeper, FunctionVersionRef function, bool is_provisioned, StartGrant grant);

  // Its life, to its end.
  Task<void> live();

  bool is_free() const { return is_up_ && !has_left_ && !run_ && api_.is_polling(); }
  // When it is free.
  void run(std::shared_ptr<Execution> execution);
  // It takes nothing more, and ends after what it runs.
  void retire();
  // At once; what it runs fails.
  void kill();

  bool is_initialised() const { return is_up_; }
  bool is_provisioned() const { return is_provisioned_; }
  void be_on_demand() { is_provisioned_ = false; }
  SteadyTime free_since() const { return free_since_; }
  // Where it stands among those that may be let go.
  std::optional<std::list<Environment*>::iterator> place;
  // Its credentials end soon, so it should.
  bool is_stale() const;
  const std::optional<Failure>& init_failure() const { return init_failure_; }

 private:
  // One invocation in it.
  struct Run {
    std::shared_ptr<Execution> execution;
    SteadyTime began;
    std::optional<SteadyTime> over = {};  // it has answered, or failed
    std::string status = "success", error_type = {};
    bool is_reported = false;
  };

  void polled() override;
  void answered(std::string payload, bool is_stream) override;
  void failed(Failure failure) override;
  void init_failed(Failure failure) override;

  Result<void> listen();
  void init_timed_out();
  bool admits(const net::Peer& peer) const;
  Task<void> run_process(Milliseconds bound);
  Task<void> read_what_is_left();
  Task<Result<ProcessCommand>> command(const Launch& launch);
  Task<Result<void>> confine(ProcessCommand& command, const Launch& launch);
  Task<void> leave_sandbox();
  Task<Result<std::unique_ptr<Process>>> start_process();
  void process_ended(const ProcessEnd& end);
  void begin_run(std::shared_ptr<Execution> execution);
  void give_event();
  void run_timed_out();
  void fail_run(Failure failure, std::string status);
  Task<void> tell_with_tail(std::shared_ptr<Execution> execution, std::string payload, bool is_stream, std::optional<Failure> failure);
  static void tell(Execution& execution, std::string payload, bool is_stream, std::optional<Failure> failure);
  void conclude(std::string payload, bool is_stream, std::optional<Failure> failure);
  void conclude_run();
  Task<void> report_when_drained(std::shared_ptr<Execution> execution);
  void report();
  uint64_t memory_used_mb() const;
  void leave();
  void kill_process();
  void end_process_softly();
  std::string trace_header(const Invocation& invocation) const;
  SteadyTime now() const { return parts_.world.clock.steady(); }

  const EnvironmentParts& parts_;
  Keeper& keeper_;
  const FunctionVersionRef function_;
  bool is_provisioned_;
  StartGrant grant_;
  EnvironmentLog log_;
  const std::shared_ptr<Output> output_;
  RuntimeApi api_{*this};
  net::BodyBudget budget_;
  net::Server server_;
  net::Endpoint endpoint_;
  std::optional<Instant> expires_;
  TaskGroup tasks_;

  std::unique_ptr<Process> process_;
  bool is_up_ = false;      // initialised
  bool has_left_ = false;   // takes nothing more
  bool is_killed_ = false;  // by us
  uid_t user_ = geteuid();  // whose its process is
  std::unique_ptr<Sandbox> sandbox_;
  uint64_t memory_peak_ = 0;  // bytes, of the process before this one
  SteadyTime init_began_, free_since_;
  std::optional<double> init_ms_;  // until it was reported
  std::optional<Failure> init_failure_;
  std::optional<Run> run_;   // from its event until the next one is asked for
  std::optional<Run> done_;  // the one before, until it is reported
  Timer deadline_;           // of the Init phase, or of what runs
  Timer end_;                // of its end, once it was asked to
};

}  // namespace outcrop::runner
