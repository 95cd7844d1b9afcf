// What the embedded model will say to a conversation, decided at once; the provider then says it at its pace.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/conversation.h"
#include "inference/embedded_prompt.h"

namespace outcrop::inference {

struct EmbeddedPlan {
  std::vector<AnswerEvent> events;  // up to AnswerEnd
  int64_t output_tokens = 0;        // pieces of text, and the estimate of tool inputs
};

// Pure, and bounded by the sizes of its input: may run on any thread. Faults: ValidationException 400 when the texts are beyond the
// limits; ModelErrorException 424 when JSON was asked for and the texts do not state what its schema requires.
Result<EmbeddedPlan> embedded_plan(const Conversation& conversation, EmbeddedPrompt prompt, const std::string& tool_use_id);

// An estimate (embedded/token_count.h) of everything the model is given, tools included.
int64_t estimate_input_tokens(const Conversation& conversation, const EmbeddedPrompt& prompt);

}  // namespace outcrop::inference
