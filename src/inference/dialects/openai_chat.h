// The body of POST …/chat/completions, which names its model: that of OpenAI's models, and what it says of the call beside the
// conversation.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "inference/conversation.h"

namespace outcrop::inference {

struct ChatCompletionRequest {
  std::string model;
  bool streamed = false;
  bool include_usage = false;  // in a stream
  std::string service_tier;    // "default", "flex", …; empty: unsaid
  Conversation conversation;
};

// Faults with ValidationException 400. What cannot be done is refused by name: more than one choice, log probabilities, storing.
Result<ChatCompletionRequest> read_chat_completion(std::string_view body);

}  // namespace outcrop::inference
