// Invoker: how everything that invokes functions does: Invoke and its kin, asynchronous events, function URLs, event sources.
#pragma once
#include <memory>
#include <string>

#include "core/call.h"
#include "core/service_metrics.h"
#include "runner/runner.h"
#include "services/lambda/function/functions.h"
#include "services/lambda/invoke/executions.h"
#include "services/lambda/invoke/function_metrics.h"

namespace outcrop::lambda {

// An answer under way, and which version gives it.
struct Invoked {
  std::string executed_version;  // "$LATEST", "3"
  std::unique_ptr<runner::Answer> answer;
};

// A whole answer.
struct InvokedWhole {
  std::string executed_version;
  std::string payload;
  runner::Outcome outcome;
};

class Invoker {
 public:
  // All must outlive it.
  Invoker(World& world, Functions& functions, runner::FunctionRunner& runner, ServiceMetrics& metrics)
      : world_(world), functions_(functions), runner_(runner), metrics_(metrics) {}

  // `invocation` needs no invoked_arn and no reserved_concurrency: the function's are filled in. Counts Invocations, Errors, Throttles,
  // Duration and ConcurrentExecutions. Faults: ResourceNotFoundException 404, TooManyRequestsException 429 with its Reason,
  // ServiceException 500. The caller has checked who may do this.
  Task<Result<Invoked>> invoke(const FunctionName& name, runner::Invocation invocation);
  // The same, read to its end: at most 6 MB, which the runner sees to.
  Task<Result<InvokedWhole>> invoke_whole(const FunctionName& name, runner::Invocation invocation);

  FunctionMetrics& metrics() { return metrics_; }

 private:
  Fault worded(const FunctionName& name, Fault fault);

  World& world_;
  Functions& functions_;
  runner::FunctionRunner& runner_;
  FunctionMetrics metrics_;
  Executions executions_;
};

}  // namespace outcrop::lambda
