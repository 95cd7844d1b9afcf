// A chat completion of the OpenAI-compatible routes: begun as every invocation is, answered whole or as server-sent events, each token
// as the model makes it.
#pragma once
#include <string>

#include "inference/dialects/dialect.h"
#include "inference/dialects/openai_chat.h"
#include "net/http.h"
#include "services/bedrock-runtime/invocation/begun.h"

namespace outcrop::bedrock_runtime {

struct Completion {
  Begun begun;
  std::string model;  // as it was asked for
  bool include_usage = false;
  bool says_tier = false;  // because it was asked for
  std::string answer_id;
  int64_t created_s = 0;  // since the epoch

  // Views into this.
  inference::AnswerFacts facts() const;
};

// `latency`: "standard", "optimized"; empty: unsaid. Faults: that of `asked`, those of conversation_target and begin_answer,
// ValidationException 400 for a longer answer than the model gives.
Task<Result<Completion>> begin_completion(BedrockRuntime& bedrock, Call& call, Result<inference::ChatCompletionRequest> asked,
                                          std::string_view latency);

// JSON of the whole answer.
Task<Result<std::string>> answer_completion(BedrockRuntime& bedrock, Call& call, Completion completion);

// The whole of a streamed answer. What ends it early is told to the reader, if there still is one, and given.
Task<Result<void>> stream_completion(BedrockRuntime& bedrock, Call& call, Completion& completion, net::Exchange& exchange,
                                     net::ResponseHead head);

}  // namespace outcrop::bedrock_runtime
