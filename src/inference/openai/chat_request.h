// A conversation as the body of POST /v1/chat/completions, in the dialect that vLLM, llama-server, Ollama, SGLang, TGI
// and OpenAI share.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "inference/conversation.h"

namespace outcrop::inference {

struct ChatRequestOptions {
  std::string_view served_model;  // the server's own name of the model
  bool streamed = false;
  // What bounds the answer is called max_completion_tokens by OpenAI's newer models, and max_tokens by everybody else.
  bool max_completion_tokens = false;
};

// What the server cannot be told is refused with ValidationException 400 and never left out: video and documents that
// are neither text nor PDF, media in S3, tools of the model's platform. Cache points say nothing to these servers, which
// keep the prefixes they have seen by themselves.
Result<std::string> chat_request(const Conversation& conversation, const ChatRequestOptions& options);

}  // namespace outcrop::inference
