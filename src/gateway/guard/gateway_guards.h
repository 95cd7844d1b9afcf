// GatewayGuards: the guards of this server's WebSocket APIs, in the order in which they are asked: throttles, then IAM or an authorizer,
// then API keys with their usage plans. What they let through is counted in CloudWatch and written to execution and access logs.
#pragma once
#include "auth/authenticator.h"
#include "core/log_sink.h"
#include "core/quota_book.h"
#include "core/service_metrics.h"
#include "core/world.h"
#include "gateway/event/guards.h"
#include "gateway/guard/iam_authorization.h"
#include "gateway/guard/lambda_authorizer.h"
#include "gateway/guard/throttles.h"
#include "gateway/guard/usage_plans.h"
#include "gateway/record/log_queue.h"
#include "gateway/record/stage_metrics.h"

namespace outcrop::gateway {

// All must outlive the guards.
struct GuardParts {
  World& world;
  FunctionCalls& functions;
  auth::Authenticator& authenticator;
  QuotaBook& quotas;
  ServiceMetrics& metrics;
  LogSink& logs;
};

class GatewayGuards final : public Guards {
 public:
  GatewayGuards(const GuardParts& parts, UsageOptions usage);

  // Before the first connection.
  Task<Result<void>> start() { return usage_plans_.start(); }
  // When there are no connections any more: stores what was used and what is to be logged.
  Task<void> stop();

  UsagePlans& usage_plans() { return usage_plans_; }

  Task<Result<void>> admit_connection(RouteEvent& event, const DeployedApi::Route* route, ConnectionContext& connection) override;
  Result<void> admit_message(RouteEvent& event, const DeployedApi::Route& route, size_t bytes) override;
  Result<void> admit_post(const ConnectionContext& connection) override;
  void release(const ConnectionContext& connection) override { usage_plans_.leave(connection.id); }
  void record(const RouteEvent& event) override;

 private:
  void write_access_log(const RouteEvent& event);
  Task<Result<std::string>> authorize(RouteEvent& event, const DeployedApi::Route& route, ConnectionContext& connection);
  Result<void> check_api_key(RouteEvent& event, std::string_view usage_identifier_key, ConnectionContext& connection);

  Throttles throttles_;
  IamAuthorization iam_;
  LambdaAuthorizer authorizers_;
  UsagePlans usage_plans_;
  StageMetrics metrics_;
  LogQueue logs_;
};

}  // namespace outcrop::gateway
