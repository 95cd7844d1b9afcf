// What Bedrock publishes of every invocation in the namespace AWS/Bedrock, by ModelId (Bedrock User Guide, "Monitoring Amazon Bedrock
// runtime metrics").
#pragma once
#include <optional>

#include "core/call.h"
#include "core/service_metrics.h"
#include "inference/conversation.h"
#include "services/bedrock-runtime/model/model_target.h"

namespace outcrop::bedrock_runtime {

class InvocationMetrics {
 public:
  explicit InvocationMetrics(ServiceMetrics& metrics) : metrics_(metrics) {}

  struct Success {
    inference::Usage usage;
    Milliseconds latency{0};
    std::optional<Milliseconds> first_token;  // of streams
  };
  void succeeded(const Call& call, const ModelTarget& target, const Success& success);

  struct Embedding {
    int64_t input_tokens = 0;
    Milliseconds latency{0};
  };
  void embedded(const Call& call, const ModelTarget& target, const Embedding& embedding);

  // Throttled requests count as such, and neither as invocations nor as errors.
  void failed(const Call& call, const ModelTarget& target, const Fault& fault);

 private:
  void record(const Call& call, const ModelTarget& target, std::string_view metric, double value, std::string_view unit);

  ServiceMetrics& metrics_;
};

}  // namespace outcrop::bedrock_runtime
