// A prompt as its cache sees it: where it may be cut, and where the caller wants it kept.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/conversation.h"

namespace outcrop::bedrock_runtime {

// The prompt up to the end of one of its pieces: tools come first, then the system prompt, then messages.
struct PromptPrefix {
  using TimeToLive = inference::CachePointBlock::TimeToLive;

  std::string fingerprint;         // 32 bytes
  int64_t tokens = 0;              // an estimate
  std::optional<TimeToLive> keep;  // where a cache point follows
};

// From short to long, up to the last cache point; none where there is no cache point. `whose` tells apart who shares no cache.
std::vector<PromptPrefix> prefixes_of(const inference::Conversation& conversation, std::string_view whose);

}  // namespace outcrop::bedrock_runtime
