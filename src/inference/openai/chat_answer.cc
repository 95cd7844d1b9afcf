#include "inference/openai/chat_answer.h"

#include <fmt/format.h>

#include <algorithm>

namespace outcrop::inference {

namespace {

StopReason stop_reason(std::string_view finish_reason, bool used_tools, bool met_stop) {
  if (finish_reason == "length") return StopReason::max_tokens;
  if (finish_reason == "content_filter") return StopReason::content_filtered;
  // Servers that were made to call a tool say "stop" afterwards.
  if (used_tools) return StopReason::tool_use;
  return met_stop ? StopReason::stop_sequence : StopReason::end_turn;
}

}  // namespace

Result<void> ChatAnswer::take(ChatMessage message, std::vector<AnswerEvent>& out) {
  if (message.error) return fail("ModelStreamErrorException", 424, fmt::format("The model server failed: {}", *message.error));
  if (!message.reasoning.empty()) {
    open(Open::reasoning, out);
    out.push_back(BlockDelta{index_, ReasoningDelta{.text = std::move(message.reasoning)}});
  }
  if (!message.content.empty()) {
    open(Open::text, out);
    out.push_back(BlockDelta{index_, TextDelta{std::move(message.content)}});
  }
  for (ChatMessage::ToolCall& call : message.tool_calls) {
    if (auto taken = take_tool_call(std::move(call), out); !taken) return taken;
  }
  if (!message.finish_reason.empty()) {
    finish_reason_ = std::move(message.finish_reason);
    met_stop_ = std::move(message.met_stop);
  }
  if (message.usage) usage_ = message.usage;
  return {};
}

// A call of another index or another id is another call; so is one without either that has a name.
bool ChatAnswer::continues(const ChatMessage::ToolCall& call) const {
  if (open_ != Open::tool) return false;
  if (!call.id.empty() && call.id != tool_call_id_) return false;
  if (call.index >= 0) return call.index == tool_call_;
  return !call.id.empty() || call.name.empty();
}

Result<void> ChatAnswer::take_tool_call(ChatMessage::ToolCall call, std::vector<AnswerEvent>& out) {
  if (!continues(call)) {
    if (call.name.empty() && call.arguments.empty()) return {};
    if (call.name.empty())
      return fail("ModelStreamErrorException", 424, "The model server sent a part of a tool call that is not at hand.");
    open(Open::tool, out);
    tool_call_ = call.index;
    tool_call_id_ = call.id;
    used_tools_ = true;
    out.push_back(BlockStart{index_, {call.id.empty() ? make_tool_use_id_() : std::move(call.id), std::move(call.name)}});
  }
  if (!call.arguments.empty()) out.push_back(BlockDelta{index_, ToolInputDelta{std::move(call.arguments)}});
  return {};
}

// Text goes on with text and thought with thought; every tool use is a block of its own.
void ChatAnswer::open(Open kind, std::vector<AnswerEvent>& out) {
  if (open_ == kind && kind != Open::tool) return;
  close(out);
  open_ = kind;
  ++index_;
}

void ChatAnswer::close(std::vector<AnswerEvent>& out) {
  if (std::exchange(open_, Open::nothing) != Open::nothing) out.push_back(BlockStop{index_});
}

void ChatAnswer::finish(std::vector<AnswerEvent>& out) {
  close(out);
  out.push_back(AnswerEnd{.reason = stop_reason(finish_reason_, used_tools_, !met_stop_.empty()), .stop_sequence = met_stop_});
}

std::optional<Usage> ChatAnswer::usage() const {
  if (!usage_) return std::nullopt;
  const int64_t cached = std::clamp<int64_t>(usage_->cached.value_or(0), 0, std::max<int64_t>(usage_->prompt, 0));
  return Usage{
      .input = usage_->prompt - cached, .output = usage_->completion, .cache_read = cached, .counts_cache = usage_->cached.has_value()};
}

}  // namespace outcrop::inference
