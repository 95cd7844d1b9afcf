// The rules of a conversation that Converse checks before any model sees it.
#pragma once
#include "base/result.h"
#include "inference/conversation.h"

namespace outcrop::bedrock_runtime {

// Faults: ValidationException 400 in Bedrock's words where they are known: a conversation begins with the user and alternates, no
// content is empty, every tool use of a turn is answered in the next, documents have plain names.
Result<void> check_conversation(const inference::Conversation& conversation);

}  // namespace outcrop::bedrock_runtime
