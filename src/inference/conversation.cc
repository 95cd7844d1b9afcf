#include "inference/conversation.h"

#include "base/check.h"

namespace outcrop::inference {

std::string_view word_of(StopReason reason) {
  using enum StopReason;
  switch (reason) {
    case end_turn:
      return "end_turn";
    case tool_use:
      return "tool_use";
    case max_tokens:
      return "max_tokens";
    case stop_sequence:
      return "stop_sequence";
    case guardrail_intervened:
      return "guardrail_intervened";
    case content_filtered:
      return "content_filtered";
    case malformed_model_output:
      return "malformed_model_output";
    case malformed_tool_use:
      return "malformed_tool_use";
    case model_context_window_exceeded:
      return "model_context_window_exceeded";
  }
  check(false, "a stop reason without a word");
  return {};
}

std::optional<StopReason> stop_reason_called(std::string_view word) {
  for (int reason = 0; reason <= int(StopReason::model_context_window_exceeded); ++reason) {
    if (word_of(StopReason(reason)) == word) return StopReason(reason);
  }
  return std::nullopt;
}

}  // namespace outcrop::inference
