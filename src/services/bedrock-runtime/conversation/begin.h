// What Converse and ConverseStream do alike, up to the first event of the answer.
#pragma once
#include "services/bedrock-runtime/conversation/read_conversation.h"
#include "services/bedrock-runtime/invocation/begun.h"

namespace outcrop::bedrock_runtime {

// What is asked, apart from the shapes of the two operations. Members are moved from.
struct Asked {
  std::string_view model_id;
  ConversationInput conversation;
  std::optional<InferenceConfiguration>& parameters;
  std::optional<OutputConfig>& output;
  std::optional<std::vector<std::string>>& additional_response_fields;
  std::optional<PerformanceConfiguration>& performance;
  std::optional<ServiceTier>& tier;
  std::optional<wire::Map<std::string>>& metadata;
  bool has_guardrail, has_prompt_variables;
  bool streamed;

  template <class Input>
  static Asked of(Input& input, bool streamed) {
    return {input.model_id,
            ConversationInput::of(input),
            input.inference_config,
            input.output_config,
            input.additional_model_response_field_paths,
            input.performance_config,
            input.service_tier,
            input.request_metadata,
            input.guardrail_config.has_value(),
            input.prompt_variables.has_value(),
            streamed};
  }
};

// Tells the metrics of its faults. Faults: those of the parts it goes through, ValidationException 400 for what the model does not offer,
// ThrottlingException 429, and the provider's.
Task<Result<Begun>> begin(BedrockRuntime& bedrock, Call& call, Asked asked);

}  // namespace outcrop::bedrock_runtime
