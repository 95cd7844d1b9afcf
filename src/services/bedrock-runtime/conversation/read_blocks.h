// Content blocks of Converse as those of a conversation. Faults: ValidationException 400 for unions without a member.
#pragma once
#include "base/result.h"
#include "gen/bedrock-runtime/types.h"
#include "inference/conversation.h"

namespace outcrop::bedrock_runtime {

Result<inference::ContentBlock> read_block(ContentBlock block);
Result<inference::GuardBlock> read_guard(GuardrailConverseContentBlock block);
inference::CachePointBlock read_cache_point(const CachePointBlock& block);

}  // namespace outcrop::bedrock_runtime
