#include "services/lambda/invoke/invoker.h"

#include <chrono>

#include "services/lambda/invoke/wording.h"

namespace outcrop::lambda {

namespace {

// An answer that is measured while it is read.
class MeasuredAnswer final : public runner::Answer {
 public:
  struct Measured {
    World& world;
    FunctionMetrics& metrics;
    FunctionName name;
    std::string version;
    SteadyTime began;
    std::unique_ptr<Executions::Execution> execution;
  };

  MeasuredAnswer(std::unique_ptr<runner::Answer> answer, Measured measured) : answer_(std::move(answer)), measured_(std::move(measured)) {}

  const std::string& content_type() const override { return answer_->content_type(); }
  const runner::Outcome& outcome() const override { return answer_->outcome(); }

  Task<Result<std::optional<std::string>>> next() override {
    Result<std::optional<std::string>> part = co_await keep(answer_->next());
    if (!part) {
      ended(true);
    } else if (!*part) {
      ended(!answer_->outcome().function_error.empty());
    }
    co_return part;
  }

  // What it would have come to is not known any more.
  Task<void> close() override {
    co_await answer_->close();
    ended(!answer_->outcome().function_error.empty());
  }

 private:
  void ended(bool has_failed) {
    if (!measured_.execution) return;
    measured_.execution.reset();
    const auto took = measured_.world.clock.steady() - measured_.began;
    measured_.metrics.ended(measured_.name, measured_.version, std::chrono::duration<double, std::milli>(took).count(), has_failed);
  }

  const std::unique_ptr<runner::Answer> answer_;
  Measured measured_;
};

}  // namespace

Fault Invoker::worded(const FunctionName& name, Fault fault) {
  if (fault.status != 429) return fault;
  metrics_.throttled(name);
  return too_many_requests(std::move(fault.code));
}

Task<Result<Invoked>> Invoker::invoke(const FunctionName& name, runner::Invocation invocation) {
  Runnable runnable = co_await functions_.runnable(name);
  invocation.invoked_arn = name.qualified_arn();
  invocation.reserved_concurrency = runnable.reserved_concurrency;
  const std::string version = runnable.version->version;
  Executions::Running running;
  MeasuredAnswer::Measured measured = {world_,
                                       metrics_,
                                       name,
                                       version,
                                       world_.clock.steady(),
                                       executions_.begin(name.place, name.name, runnable.reserved_concurrency.has_value(), running)};
  auto answer = co_await keep(runner_.invoke(std::move(runnable.version), std::move(invocation)));
  if (!answer) co_return fail(worded(name, std::move(answer.error())));
  metrics_.began(name, version, running);
  co_return Invoked{version, std::make_unique<MeasuredAnswer>(std::move(*answer), std::move(measured))};
}

Task<Result<InvokedWhole>> Invoker::invoke_whole(const FunctionName& name, runner::Invocation invocation) {
  Invoked invoked = co_await invoke(name, std::move(invocation));
  InvokedWhole whole = {.executed_version = std::move(invoked.executed_version)};
  for (;;) {
    std::optional<std::string> part = co_await invoked.answer->next();
    if (!part) break;
    if (whole.payload.empty()) {
      whole.payload = std::move(*part);
    } else {
      whole.payload += *part;
    }
  }
  whole.outcome = invoked.answer->outcome();
  co_return whole;
}

}  // namespace outcrop::lambda
