// An answer in Converse's shapes: whole, and event by event.
#pragma once
#include <string_view>
#include <vector>

#include "gen/bedrock-runtime/types.h"
#include "inference/collect.h"

namespace outcrop::bedrock_runtime {

TokenUsage write_usage(const inference::Usage& usage);
Message write_message(std::vector<inference::ContentBlock> content);

// Of every event but the last, AnswerUsage, whose metadata are the operation's own.
ConverseStreamOutputEvent write_event(inference::AnswerEvent event);

}  // namespace outcrop::bedrock_runtime
