// What Anthropic's Messages API checks between messages.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <unordered_set>

#include "inference/dialects/anthropic_messages.h"

namespace outcrop::inference::anthropic {

namespace {

// Messages of one role in a row are one turn.
std::span<const Message> turn_at(std::span<const Message> messages, size_t index) {
  size_t end = index;
  while (end < messages.size() && messages[end].role == messages[index].role) ++end;
  return messages.subspan(index, end - index);
}

std::vector<std::string_view> uses_of(std::span<const Message> turn) {
  std::vector<std::string_view> ids;
  for (const Message& message : turn) {
    for (const ContentBlock& block : message.content) {
      if (auto* use = std::get_if<ToolUseBlock>(&block)) ids.push_back(use->id);
    }
  }
  return ids;
}

using Ids = std::unordered_set<std::string_view>;

// Takes those that are answered off the open uses; a result of no open use is told.
void take_results(const Field& content, const Message& message, Ids& open) {
  size_t index = 0;
  for (const ContentBlock& block : message.content) {
    if (std::holds_alternative<CachePointBlock>(block)) continue;
    const Field place = content[std::to_string(index++)];
    auto* result = std::get_if<ToolResultBlock>(&block);
    if (!result || open.erase(result->id) > 0) continue;
    place.wrong(
        fmt::format("unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` block must have a corresponding "
                    "`tool_use` block in the previous message.",
                    result->id));
  }
}

bool has_empty_text(const Message& message) {
  return std::ranges::any_of(message.content, [](const ContentBlock& block) {
    auto* text = std::get_if<TextBlock>(&block);
    return text && text->text.empty();
  });
}

void check_contents(const Field& messages, const Conversation& conversation) {
  for (size_t i = 0; i < conversation.messages.size(); ++i) {
    const Message& message = conversation.messages[i];
    const bool last = i + 1 == conversation.messages.size();
    if (message.content.empty() && !(last && message.role == Role::assistant)) {
      messages[std::to_string(i)].wrong("all messages must have non-empty content except for the optional final assistant message");
    }
    if (has_empty_text(message)) messages.wrong("text content blocks must be non-empty");
  }
}

// Every use of a tool has its result in the next turn, and every result its use in the one before.
void check_tools(const Field& messages, const Conversation& conversation) {
  std::vector<std::string_view> uses;
  for (size_t at = 0; at < conversation.messages.size();) {
    const std::span<const Message> turn = turn_at(conversation.messages, at);
    Ids open(uses.begin(), uses.end());
    for (size_t i = 0; i < turn.size(); ++i) take_results(messages[std::to_string(at + i)]["content"], turn[i], open);
    if (!open.empty()) {
      std::erase_if(uses, [&open](std::string_view id) { return !open.contains(id); });
      messages[std::to_string(at - 1)].wrong(
          fmt::format("`tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a "
                      "corresponding `tool_result` block in the next message.",
                      fmt::join(uses, ", ")));
    }
    uses = uses_of(turn);
    at += turn.size();
  }
}

}  // namespace

void check_messages(const Field& messages, const Conversation& conversation) {
  if (conversation.messages.empty()) return messages.wrong("at least one message is required");
  if (conversation.messages.front().role != Role::user) return messages.wrong(R"(first message must use the "user" role)");
  check_contents(messages, conversation);
  check_tools(messages, conversation);
}

}  // namespace outcrop::inference::anthropic
