// What OpenTelemetry is told of invocations: a span and metrics each, named by its conventions for generative AI (OpenTelemetry, "Semantic
// conventions for AWS Bedrock operations", "… for generative AI metrics"). Never what was said, and nothing where it is off.
#pragma once
#include <optional>

#include "core/telemetry/telemetry.h"
#include "inference/provider.h"
#include "services/bedrock-runtime/model/model_target.h"

namespace outcrop::bedrock_runtime {

class ModelTelemetry {
 public:
  explicit ModelTelemetry(telemetry::Telemetry& telemetry);

  // An invocation under way, told once: by succeeded() or failed().
  struct Invocation {
    telemetry::Span span;
    telemetry::Attributes attributes;  // of its metrics; none when nobody is told
  };
  Invocation begin_chat(const Call& call, const ModelTarget& target, const inference::ModelRequest& request);
  Invocation begin_embeddings(const Call& call, const ModelTarget& target);

  struct Success {
    inference::Usage usage;
    Milliseconds latency{0};
    std::optional<Milliseconds> first_token;                // of streams
    std::optional<inference::StopReason> stop_reason = {};  // of conversations
    std::string_view model_id;                              // that answered
  };
  void succeeded(Invocation invocation, const Success& success);
  void failed(Invocation invocation, const Fault& fault, Milliseconds latency);

 private:
  Invocation begin(const Call& call, const ModelTarget& target, std::string_view operation);

  telemetry::Telemetry& telemetry_;
  telemetry::Histogram &duration_, &tokens_, &first_token_, &per_token_;
};

}  // namespace outcrop::bedrock_runtime
