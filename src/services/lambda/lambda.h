// Lambda: AWS Lambda. One file beside this is one operation; what they share is in the folders below: function/ functions, their versions,
// aliases and code, invoke/ how they are invoked.
//
// Configuration is shared: store transactions alone, whose keys function/keys.h lists. Asynchronous events are owned by shards.
#pragma once
#include "core/directory.h"
#include "core/durable_timers.h"
#include "core/quota_book.h"
#include "core/service_metrics.h"
#include "core/shard.h"
#include "runner/runner.h"
#include "runner/runtimes/runtimes.h"
#include "services/lambda/function/functions.h"
#include "services/lambda/invoke/invoker.h"

namespace outcrop::lambda {

// All must outlive the service.
struct LambdaParts {
  World& world;
  Shards& shards;
  DurableTimers& timers;
  Directory& directory;
  QuotaBook& quotas;
  ServiceMetrics& metrics;
  runner::FunctionRunner& runner;
  const runner::Runtimes& runtimes;
};

class Lambda {
 public:
  explicit Lambda(LambdaParts parts)
      : parts_(parts), functions_(parts.world), invoker_(parts.world, functions_, parts.runner, parts.metrics) {}

  Functions& functions() { return functions_; }
  Invoker& invoker() { return invoker_; }
  const runner::Runtimes& runtimes() const { return parts_.runtimes; }

 private:
  const LambdaParts parts_;
  Functions functions_;
  Invoker invoker_;
};

}  // namespace outcrop::lambda
