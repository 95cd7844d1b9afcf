// BedrockRuntime: the Amazon Bedrock Runtime service: inference. One file beside this is one operation; what they share is in the
// folders below: model/ what an identifier stands for, invocation/ what all of them do to be answered, conversation/ Converse's shapes
// and rules, native/ InvokeModel's bodies, openai/ the routes that OpenAI's clients know, quota/ what requests are charged, cache/ what
// prompt caching would have saved, metrics/ what CloudWatch is told, telemetry/ what OpenTelemetry is.
//
// Quotas are buckets in memory, as large as the quota book says: a restart fills them, and empties the cache. On disk is what tenants have
// used of their budgets (quota/budget_store.h).
#pragma once
#include <memory>

#include "core/call.h"
#include "inference/catalog.h"
#include "inference/inference_profiles.h"
#include "inference/provider.h"
#include "services/bedrock-runtime/cache/prompt_cache.h"
#include "services/bedrock-runtime/metrics/invocation_metrics.h"
#include "services/bedrock-runtime/quota/quotas.h"
#include "services/bedrock-runtime/telemetry/model_telemetry.h"

namespace outcrop::bedrock_runtime {

// What it stands on, which must outlive it.
struct BedrockRuntimeParts {
  World& world;
  const inference::Catalog& catalog;
  inference::InferenceProfiles& profiles;
  inference::Provider& provider;
  QuotaBook& quota_book;
  ServiceMetrics& service_metrics;
  Metrics& metrics;
  telemetry::Telemetry& telemetry;
};

class BedrockRuntime {
 public:
  explicit BedrockRuntime(const BedrockRuntimeParts& parts, BudgetOptions budgets = {})
      : world_(parts.world),
        catalog_(parts.catalog),
        profiles_(parts.profiles),
        provider_(parts.provider),
        quotas_(parts.quota_book, parts.world.clock, parts.metrics, std::move(budgets)),
        metrics_(parts.service_metrics),
        telemetry_(parts.telemetry) {}

  Task<Result<void>> start() { return quotas_.start(world_); }
  Task<void> stop() { return quotas_.stop(); }
  // What an account, or everybody, has used and cached here.
  Task<Result<void>> forget(std::optional<std::string> account) {
    cache_.forget(account);
    co_return co_await keep(quotas_.forget(account));
  }

  const inference::Catalog& catalog() const { return catalog_; }
  inference::InferenceProfiles& profiles() { return profiles_; }
  inference::Provider& provider() { return provider_; }
  Quotas& quotas() { return quotas_; }
  PromptCache& cache() { return cache_; }
  InvocationMetrics& metrics() { return metrics_; }
  ModelTelemetry& telemetry() { return telemetry_; }

 private:
  World& world_;
  const inference::Catalog& catalog_;
  inference::InferenceProfiles& profiles_;
  inference::Provider& provider_;
  Quotas quotas_;
  PromptCache cache_;
  InvocationMetrics metrics_;
  ModelTelemetry telemetry_;
};

}  // namespace outcrop::bedrock_runtime
