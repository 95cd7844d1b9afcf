// Converse's input as a conversation (inference/conversation.h).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "gen/bedrock-runtime/types.h"
#include "inference/conversation.h"

namespace outcrop::bedrock_runtime {

// What Converse, ConverseStream and CountTokens have in common. Members are moved from.
struct ConversationInput {
  std::optional<std::vector<Message>>& messages;
  std::optional<std::vector<SystemContentBlock>>& system;
  std::optional<ToolConfiguration>& tools;
  std::optional<json::Value>& additional_fields;

  template <class Input>
  static ConversationInput of(Input& input) {
    return {input.messages, input.system, input.tool_config, input.additional_model_request_fields};
  }
};

// Faults with ValidationException 400: a union without a member, a schema that is no JSON.
Result<inference::Conversation> read_conversation(ConversationInput input);

inference::InferenceParameters read_parameters(InferenceConfiguration configuration);
Result<std::optional<inference::JsonOutput>> read_json_output(std::optional<OutputConfig> configuration);

}  // namespace outcrop::bedrock_runtime
