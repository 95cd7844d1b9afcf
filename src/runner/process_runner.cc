#include "runner/process_runner.h"

#include <algorithm>
#include <functional>

#include "base/machine.h"
#include "runner/loop_runner.h"
#include "runner/room.h"

namespace outcrop::runner {

size_t environments_for_memory() {
  const size_t memory_mb = usable_memory_bytes() >> 20;
  return std::clamp(memory_mb / limits::memory_mb_per_environment, limits::environments_min, limits::environments_max);
}

ProcessRunner::ProcessRunner(RunnerParts parts, RunnerOptions options)
    : accounts_([&surroundings = parts.surroundings](std::string_view account, std::string_view region) {
        return surroundings.unreserved_concurrency(account, region);
      }),
      room_(std::make_unique<MachineRoom>(options.environments_max > 0 ? options.environments_max : environments_for_memory())) {
  for (size_t i = 0; i < parts.loops.size(); ++i) {
    const EnvironmentParts environment{parts.world,        parts.loops.at(i), parts.logs,
                                       parts.surroundings, parts.sandboxes,   options.pace.init_timeout};
    homes_.push_back(std::make_unique<LoopRunner>(environment, accounts_, *room_, options.idle_timeout, [this] { return make_room(); }));
  }
}

ProcessRunner::~ProcessRunner() = default;

LoopRunner& ProcessRunner::home_of(const std::string& arn) const { return *homes_[std::hash<std::string>()(arn) % homes_.size()]; }

Task<Result<std::unique_ptr<Answer>>> ProcessRunner::invoke(FunctionVersionRef function, Invocation invocation) {
  LoopRunner& home = home_of(*function);
  Executor& caller = *Executor::current();
  co_await home.loop().enter();
  Result<std::shared_ptr<Execution>> execution = co_await keep(home.begin(std::move(function), std::move(invocation)));
  Result<void> begun;
  if (execution) begun = co_await keep((*execution)->begun());
  std::unique_ptr<Answer> answer;
  if (execution && begun) answer = answer_of(std::move(*execution));
  co_await caller.enter();
  if (!execution) co_return fail(std::move(execution.error()));
  if (!begun) co_return fail(std::move(begun.error()));
  co_return answer;
}

Task<void> ProcessRunner::provision(FunctionVersionRef function, uint32_t count) {
  LoopRunner& home = home_of(*function);
  Executor& caller = *Executor::current();
  co_await home.loop().enter();
  home.provision(std::move(function), count);
  co_await caller.enter();
}

Task<ProvisionedState> ProcessRunner::provisioned_state(FunctionVersionRef function) {
  LoopRunner& home = home_of(*function);
  Executor& caller = *Executor::current();
  co_await home.loop().enter();
  ProvisionedState state = home.provisioned_state(*function);
  co_await caller.enter();
  co_return state;
}

Task<void> ProcessRunner::forget(std::string function_arn) {
  LoopRunner& home = home_of(function_arn);
  Executor& caller = *Executor::current();
  co_await home.loop().enter();
  co_await home.forget(std::move(function_arn));
  co_await caller.enter();
}

Task<void> ProcessRunner::forget_account(std::optional<std::string> account) {
  Executor& caller = *Executor::current();
  for (auto& home : homes_) {
    co_await home->loop().enter();
    co_await home->forget_account(account);
  }
  co_await caller.enter();
}

// Beginning at the caller's own loop.
Task<bool> ProcessRunner::make_room() {
  Executor& caller = *Executor::current();
  const size_t first = size_t(std::ranges::find_if(homes_, [&](const auto& home) { return &home->loop() == &caller; }) - homes_.begin());
  bool found = false;
  for (size_t i = 0; i < homes_.size() && !found; ++i) {
    LoopRunner& home = *homes_[(first + i) % homes_.size()];
    co_await home.loop().enter();
    found = home.let_go_one();
  }
  co_await caller.enter();
  co_return found;
}

Task<void> ProcessRunner::stop() {
  Executor& caller = *Executor::current();
  TaskGroup stops;
  for (auto& home : homes_) stops.spawn_on(home->loop(), home->stop());
  co_await stops.join();
  co_await caller.enter();
}

size_t ProcessRunner::environments() const { return room_->used(); }

}  // namespace outcrop::runner
