// Which requests begin alike: servers keep what they computed for the beginning of a prompt (vLLM's prefix caching, llama-server's slots),
// so that a request is cheaper where one with the same beginning was answered before.
#pragma once
#include <cstdint>

#include "inference/conversation.h"

namespace outcrop::inference {

// Of the system prompt, the tools' names and descriptions and the first message, which all turns of a conversation share. Not stable
// between versions of the program.
uint64_t prefix_hash(const Conversation& conversation);

}  // namespace outcrop::inference
