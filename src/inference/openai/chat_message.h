// What a server says in the chat-completion dialect, read from JSON text without a tree: one chunk of a stream, or a
// whole answer; they differ in the name of the message alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace outcrop::inference {

// In tokens; the cached ones, which not every server counts, are among the prompt's.
struct ChatUsage {
  int64_t prompt = 0, completion = 0;
  std::optional<int64_t> cached;
};

struct ChatMessage {
  struct ToolCall {
    int index = -1;         // in streams: which call this continues
    std::string id, name;   // of its first piece
    std::string arguments;  // JSON text, or a piece of it
  };
  std::string content, reasoning;
  std::vector<ToolCall> tool_calls;
  std::string finish_reason;  // "stop", "length", "tool_calls", "content_filter"; empty: not yet
  std::string met_stop;       // the stop sequence that ended it, from servers that tell
  std::optional<ChatUsage> usage;
  std::optional<std::string> error;  // a server that fails midway sends its error as a chunk
};

// Faults with ModelErrorException 424 when `text` is no such message. Only the first choice is read.
Result<ChatMessage> read_chat_message(std::string_view text);

}  // namespace outcrop::inference
