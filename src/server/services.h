// The AWS services of this server and what they stand on. The one list of services there is.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/task_group.h"
#include "core/directory.h"
#include "core/durable_timers.h"
#include "core/fault_injection.h"
#include "core/metrics.h"
#include "core/quota_book.h"
#include "core/quota_usage.h"
#include "core/reset.h"
#include "core/shard.h"
#include "core/telemetry/telemetry.h"
#include "inference/catalog.h"
#include "inference/embedded_provider.h"
#include "inference/model_router.h"
#include "net/http_clients.h"
#include "runner/process_runner.h"
#include "runner/runtimes/runtimes.h"
#include "runner/sandbox/sandbox.h"
#include "server/config.h"
#include "server/function_surroundings.h"
#include "services/apigatewayv2/apigatewayv2.h"
#include "services/bedrock-runtime/bedrock_runtime.h"
#include "services/bedrock/bedrock.h"
#include "services/cloudwatch-logs/cloudwatch_logs.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/dynamodb/dynamodb.h"
#include "services/lambda/lambda.h"
#include "services/service-quotas/service_quotas.h"
#include "services/sqs/sqs.h"
#include "services/sts/sts.h"
#include "wire/operation.h"

namespace outcrop::server {

// Sorted by name.
std::vector<const wire::ServiceModel*> service_models();

// What outcrop.yaml may name: implemented operations only.
std::vector<KnownService> known_services();

// "sqs   23 of 23 operations", a line a service, and what is missing beneath.
std::string describe_services();

class Services {
 public:
  // The world and the clients, which model servers are asked by, must outlive them.
  // `place`: the folder that functions' code is unpacked below, and that functions must not look into. `runtimes` run it; `loops` are the
  // world's executors.
  Services(World& world, net::Loops& loops, const Config& config, net::HttpClients& clients, sts::StsOptions sts,
           std::optional<TelemetryTarget> telemetry, const std::string& place, const runner::RuntimeSettings& runtimes);
  ~Services();  // after stop(), when start() was called

  // Opens the shards, makes the services and sets their timers going. On one of the world's executors.
  Task<Result<void>> start();
  // Functions run no more: what runs gets a little time to end. Calls that wait for a function end with it. Once, before stop().
  Task<void> stop_functions();
  // When no call is under way any more: ends what they do by themselves and waits for every commit.
  Task<void> stop();

  Directory& directory() { return directory_; }
  Metrics& metrics() { return metrics_; }
  FaultInjection& faults() { return faults_; }
  Reset& reset() { return *reset_; }                                                // after start()
  bedrock_runtime::BedrockRuntime& bedrock_runtime() { return *bedrock_runtime_; }  // after start()
  QuotaUsageSource& quota_usage() { return bedrock_runtime_->quotas(); }            // after start()
  FunctionSurroundings& surroundings() { return surroundings_; }
  lambda::Lambda& lambda() { return *lambda_; }  // after start()
  // What API Gateway's data plane stands on; after start().
  gateway::ApiSource& api_source() { return apigatewayv2_->api_source(); }
  ServiceMetrics& service_metrics() { return cloudwatch_->service_metrics(); }
  LogSink& log_sink() { return *cloudwatch_logs_; }
  QuotaBook& quota_book() { return quota_book_; }
  apigatewayv2::Apigatewayv2& apigatewayv2() { return *apigatewayv2_; }  // after start()
  // The sessions that STS issues, which authentication knows them by; after start().
  const std::shared_ptr<const auth::Sessions>& sessions() const { return sts_.sessions(); }

 private:
  Task<Result<void>> sweep_blobs();
  Task<void> tidy_up();

  World& world_;
  Metrics metrics_;
  telemetry::Telemetry telemetry_;
  FaultInjection faults_;
  Admission admission_;
  Directory directory_;
  std::unique_ptr<Shards> shards_;
  std::optional<DurableTimers> timers_;
  std::optional<Reset> reset_;
  QuotaBook quota_book_;
  inference::Catalog catalog_;
  const std::vector<std::shared_ptr<inference::CassetteDirectory>> cassettes_;  // that are played from
  inference::EmbeddedProvider embedded_;
  inference::ModelRouter models_;
  std::optional<cloudwatch::Cloudwatch> cloudwatch_;
  std::optional<cloudwatch_logs::CloudwatchLogs> cloudwatch_logs_;
  std::optional<bedrock::Bedrock> bedrock_;
  bedrock_runtime::BudgetOptions budgets_;
  std::optional<bedrock_runtime::BedrockRuntime> bedrock_runtime_;
  lambda::FunctionsOptions function_options_;
  const runner::SandboxOptions sandbox_options_;
  runner::Runtimes runtimes_;
  sts::Sts sts_;
  FunctionSurroundings surroundings_;
  net::Loops& loops_;
  const runner::RunnerOptions runner_options_;
  std::unique_ptr<runner::Sandboxes> sandboxes_;
  std::optional<runner::ProcessRunner> runner_;
  std::optional<lambda::Lambda> lambda_;
  std::optional<service_quotas::ServiceQuotas> service_quotas_;
  std::optional<sqs::Sqs> sqs_;
  std::optional<dynamodb::Dynamodb> dynamodb_;
  std::optional<apigatewayv2::Apigatewayv2> apigatewayv2_;
  TaskGroup background_;
};

}  // namespace outcrop::server
