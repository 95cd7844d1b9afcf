// Pool: the environments of one revision of a function's version, and the invocations that wait for one. An invocation takes a free
// environment; without one another is started, and the invocation is served by whichever is free first.
#pragma once
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "runner/environment.h"
#include "runner/runner.h"

namespace outcrop::runner {

// All of it on one loop.
class Pool final : public std::enable_shared_from_this<Pool>, Environment::Keeper {
 public:
  // Whom pools stand on.
  struct Host {
    virtual const EnvironmentParts& parts() = 0;
    // Calls start() or refuse_start() when it is this pool's turn.
    virtual void wants_start(Pool& pool) = 0;
    virtual void run(Task<void> life) = 0;
    // A free environment may be let go to make room, or because it is not used; or not any more.
    virtual void may_let_go(Environment& environment) = 0;
    virtual void must_keep(Environment& environment) = 0;
    virtual void environment_ended() = 0;

   protected:
    ~Host() = default;
  };

  Pool(Host& host, FunctionVersionRef function, std::shared_ptr<FunctionConcurrency> concurrency)
      : host_(host), function_(std::move(function)), concurrency_(std::move(concurrency)) {}

  const FunctionVersion& function() const { return *function_; }

  std::shared_ptr<Execution> begin(Invocation invocation, ConcurrencySlot slot);

  void provision(uint32_t count);
  ProvisionedState provisioned_state() const;

  // What is free ends, and what runs ends after it: its code has changed.
  void renew();
  // As renew, and nothing is kept any more.
  void retire();
  // At once; what runs fails, what waits is refused.
  void kill();
  bool is_empty() const { return members_.empty() && waiting_.empty(); }

  // For the host: whether a start is still wanted, and what becomes of it.
  bool wants_start() const { return starts_wanted_ > 0; }
  void start(StartGrant grant);
  void refuse_start(Fault fault);

 private:
  struct Member {
    std::shared_ptr<Environment> environment;
    bool is_starting = true, has_answered = false;
  };

  void is_initialised(Environment& environment) override;
  void is_free(Environment& environment) override;
  void has_answered(Environment& environment) override;
  void is_leaving(Environment& environment) override;
  std::shared_ptr<Execution> take_for_retry(Environment& environment) override;

  Task<void> live(std::shared_ptr<Pool> self, std::shared_ptr<Environment> environment);
  Environment* take_free();
  std::shared_ptr<Execution> take_waiting();
  size_t starts_missing() const;
  uint32_t provisioned_missing() const;
  void ensure_starts();
  void wait_for_answered();
  void not_starting(Member& member);
  void not_answered(Member& member);
  void provisioned_failed();
  template <class F>
  void for_each_environment(F act);
  SteadyTime now() const { return host_.parts().world.clock.steady(); }

  Host& host_;
  const FunctionVersionRef function_;
  const std::shared_ptr<FunctionConcurrency> concurrency_;
  std::unordered_map<Environment*, Member> members_;
  std::vector<Environment*> free_;  // the one used last at the end
  std::deque<std::shared_ptr<Execution>> waiting_;
  size_t starts_wanted_ = 0;  // the host was told
  size_t starting_ = 0;       // of members_
  size_t answered_ = 0;       // of members_: will ask for another event soon
  bool is_retired_ = false;
  Timer answered_wait_;

  uint32_t provisioned_ = 0;
  Milliseconds provision_pause_{0};  // before the next attempt; 0: the last one did not fail
  Timer provision_retry_;
};

}  // namespace outcrop::runner
