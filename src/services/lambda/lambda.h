// Lambda: AWS Lambda. One file beside this is one operation; what they share is in the folders below: function/ functions, their versions,
// aliases and code, invoke/ how they are invoked, async/ events that are kept until they were, mapping/ which queues they read, poller/ who
// reads them, code/ their packages, url/ their URLs.
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
#include "services/lambda/account/quotas.h"
#include "services/lambda/account/resource_tags.h"
#include "services/lambda/async/async_events.h"
#include "services/lambda/code/code_front.h"
#include "services/lambda/concurrency/provisioned_concurrency.h"
#include "services/lambda/concurrency/reserved_concurrency.h"
#include "services/lambda/concurrency/unreserved_concurrency.h"
#include "services/lambda/event_invoke/event_invoke_settings.h"
#include "services/lambda/function/functions.h"
#include "services/lambda/invoke/invoker.h"
#include "services/lambda/mapping/mappings.h"
#include "services/lambda/permission/function_policies.h"
#include "services/lambda/poller/pollers.h"
#include "services/lambda/url/function_urls.h"

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
  FunctionsOptions functions = {};
};

class Lambda {
 public:
  explicit Lambda(LambdaParts parts)
      : parts_(std::move(parts)),
        functions_(parts_.world, with_quotas(parts_.functions, parts_.quotas)),
        code_front_(parts_.world),
        invoker_(parts_.world, functions_, parts_.runner, parts_.metrics),
        urls_(parts_.world),
        mappings_(parts_.world),
        pollers_({parts_.world, parts_.shards, parts_.directory, functions_, invoker_, mappings_}) {
    functions_.on_erase([this](store::Transaction& transaction, const FunctionName& name) { return urls_.erase_ids(transaction, name); });
  }

  // Before the server serves, and after its last call.
  Task<Result<void>> start() {
    co_await functions_.start();
    co_return co_await keep(unreserved_concurrency_.start());
  }
  // Goes on with what an earlier server left, once functions find this one where it serves.
  Task<Result<void>> resume() {
    co_await provisioned_concurrency_.start();
    co_await async_events_.start();
    co_return co_await keep(pollers_.start());
  }
  // Begins nothing of its own any more: before the runner stops, which ends what runs.
  void begin_stop() {
    async_events_.begin_stop();
    pollers_.end_receiving();
  }
  Task<void> stop() {
    co_await async_events_.stop();
    co_await pollers_.stop();
    co_await functions_.stop();
  }
  // A reset: all of an account, or all there are.
  Task<Result<void>> forget(const std::optional<std::string>& account) {
    pollers_.forget(account);
    co_await urls_.forget(account);
    co_await functions_.forget(account);
    co_await provisioned_concurrency_.start();
    co_await parts_.runner.forget_account(account);  // after the last who could ask it for one of them
    co_return co_await keep(unreserved_concurrency_.start());
  }

  Functions& functions() { return functions_; }
  CodeFront& code_front() { return code_front_; }
  Invoker& invoker() { return invoker_; }
  AsyncEvents& async_events() { return async_events_; }
  Mappings& mappings() { return mappings_; }
  Pollers& pollers() { return pollers_; }
  runner::FunctionRunner& runner() { return parts_.runner; }
  FunctionUrls& urls() { return urls_; }
  World& world() { return parts_.world; }
  Directory& directory() { return parts_.directory; }
  ServiceMetrics& metrics() { return parts_.metrics; }
  const runner::Runtimes& runtimes() const { return parts_.runtimes; }
  QuotaBook& quotas() { return parts_.quotas; }
  FunctionPolicies& policies() { return policies_; }
  ReservedConcurrency& reserved_concurrency() { return reserved_concurrency_; }
  UnreservedConcurrency& unreserved_concurrency() { return unreserved_concurrency_; }
  ProvisionedConcurrency& provisioned_concurrency() { return provisioned_concurrency_; }
  EventInvokeSettings& event_invoke_settings() { return event_invoke_settings_; }
  ResourceTags& tags() { return tags_; }

 private:
  static FunctionsOptions with_quotas(FunctionsOptions options, QuotaBook& quotas) {
    options.code_storage_max = [&quotas](const Place& place) { return code_storage_bytes_max(quotas, place); };
    return options;
  }

  const LambdaParts parts_;
  Functions functions_;
  CodeFront code_front_;
  Invoker invoker_;
  FunctionUrls urls_;
  DirectoryDestinations destinations_{parts_.world, parts_.directory};
  AsyncEvents async_events_{{parts_.world, parts_.shards, functions_, invoker_, destinations_}};
  Mappings mappings_;
  Pollers pollers_;
  FunctionPolicies policies_{parts_.world};
  ReservedConcurrency reserved_concurrency_{parts_.world, parts_.quotas};
  UnreservedConcurrency unreserved_concurrency_{parts_.world, parts_.quotas};
  ProvisionedConcurrency provisioned_concurrency_{parts_.world, parts_.quotas, functions_, parts_.runner};
  EventInvokeSettings event_invoke_settings_{parts_.world};
  ResourceTags tags_{parts_.world};
};

}  // namespace outcrop::lambda
