#include "services/bedrock-runtime/metrics/invocation_metrics.h"

#include <array>

namespace outcrop::bedrock_runtime {

namespace {
constexpr std::string_view bedrock_namespace = "AWS/Bedrock", count = "Count", milliseconds = "Milliseconds";
}  // namespace

void InvocationMetrics::succeeded(const Call& call, const ModelTarget& target, const Success& success) {
  const inference::Usage& usage = success.usage;
  record(call, target, "Invocations", 1, count);
  record(call, target, "InvocationLatency", double(success.latency.count()), milliseconds);
  if (success.first_token) record(call, target, "TimeToFirstToken", double(success.first_token->count()), milliseconds);
  record(call, target, "InputTokenCount", double(usage.input), count);
  record(call, target, "OutputTokenCount", double(usage.output), count);
  if (usage.cache_read > 0) record(call, target, "CacheReadInputTokenCount", double(usage.cache_read), count);
  if (usage.cache_write > 0) record(call, target, "CacheWriteInputTokenCount", double(usage.cache_write), count);
  const double quota = double(usage.input) + double(usage.cache_write) + double(usage.output) * target.model->output_burndown;
  record(call, target, "EstimatedTPMQuotaUsage", quota, count);
}

void InvocationMetrics::embedded(const Call& call, const ModelTarget& target, const Embedding& embedding) {
  record(call, target, "Invocations", 1, count);
  record(call, target, "InvocationLatency", double(embedding.latency.count()), milliseconds);
  record(call, target, "InputTokenCount", double(embedding.input_tokens), count);
}

void InvocationMetrics::failed(const Call& call, const ModelTarget& target, const Fault& fault) {
  if (fault.code == "ThrottlingException") return record(call, target, "InvocationThrottles", 1, count);
  record(call, target, fault.is_senders() ? "InvocationClientErrors" : "InvocationServerErrors", 1, count);
}

void InvocationMetrics::record(const Call& call, const ModelTarget& target, std::string_view metric, double value, std::string_view unit) {
  const std::array<ServiceMetrics::Dimension, 1> dimensions = {{{"ModelId", target.name}}};
  metrics_.record(call.account(), call.region, bedrock_namespace, metric, dimensions, value, unit);
}

}  // namespace outcrop::bedrock_runtime
