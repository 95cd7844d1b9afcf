// A conversation as the embedded model reads it: the texts it may quote from, and the message it is to answer.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/conversation.h"
#include "inference/embedded/text_index.h"

namespace outcrop::inference {

struct EmbeddedPrompt {
  std::vector<embedded::Source> sources;  // views into the conversation, and into `kept`
  std::vector<std::string> kept;          // texts that the conversation holds in another form; never grows once made
  std::string message;                    // the last words of the user
  bool has_tool_results = false;          // the last message answers a tool use: no tool is called again

  size_t bytes() const;
};

// The conversation must outlive it. Faults with ValidationException 400 for what is no text: images, sounds, videos, documents
// other than text, media in S3, tools of the model's platform.
Result<EmbeddedPrompt> embedded_prompt(const Conversation& conversation);

}  // namespace outcrop::inference
