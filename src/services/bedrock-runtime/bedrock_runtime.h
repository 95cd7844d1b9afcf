// BedrockRuntime: the Amazon Bedrock Runtime service: inference. One file beside this is one operation; what they share is in the
// folders below: model/ what an identifier stands for, invocation/ what all of them do to be answered, conversation/ Converse's shapes
// and rules, native/ InvokeModel's bodies, openai/ the routes that OpenAI's clients know, quota/ what requests are charged, metrics/ what
// CloudWatch is told.
//
// Quotas are buckets in memory, as large as the quota book says: a restart fills them. On disk is what tenants have used of their budgets
// (quota/budget_store.h).
#pragma once
#include <memory>

#include "core/call.h"
#include "inference/catalog.h"
#include "inference/inference_profiles.h"
#include "inference/provider.h"
#include "services/bedrock-runtime/metrics/invocation_metrics.h"
#include "services/bedrock-runtime/quota/quotas.h"

namespace outcrop::bedrock_runtime {

class BedrockRuntime {
 public:
  // What is passed must outlive it.
  BedrockRuntime(World& world, const inference::Catalog& catalog, inference::InferenceProfiles& profiles, inference::Provider& provider,
                 QuotaBook& quota_book, ServiceMetrics& service_metrics, Metrics& metrics, BudgetOptions budgets = {})
      : world_(world),
        catalog_(catalog),
        profiles_(profiles),
        provider_(provider),
        quotas_(quota_book, world.clock, metrics, std::move(budgets)),
        metrics_(service_metrics) {}

  Task<Result<void>> start() { return quotas_.start(world_); }
  Task<void> stop() { return quotas_.stop(); }

  const inference::Catalog& catalog() const { return catalog_; }
  inference::InferenceProfiles& profiles() { return profiles_; }
  inference::Provider& provider() { return provider_; }
  Quotas& quotas() { return quotas_; }
  InvocationMetrics& metrics() { return metrics_; }

 private:
  World& world_;
  const inference::Catalog& catalog_;
  inference::InferenceProfiles& profiles_;
  inference::Provider& provider_;
  Quotas quotas_;
  InvocationMetrics metrics_;
};

}  // namespace outcrop::bedrock_runtime
