// What Anthropic's Messages API checks between messages.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "inference/dialects/anthropic_messages.h"

namespace outcrop::inference::anthropic {

namespace {

template <class Block>
std::vector<std::string_view> ids_of(const Message& message) {
  std::vector<std::string_view> ids;
  for (const ContentBlock& block : message.content) {
    if (auto* found = std::get_if<Block>(&block)) ids.push_back(found->id);
  }
  return ids;
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

// The uses of one turn whose results are not in the next, and the results in the next that answer no use.
void check_tools(const Field& messages, const Conversation& conversation) {
  std::vector<std::string_view> open;
  for (size_t i = 0; i < conversation.messages.size(); ++i) {
    const Message& message = conversation.messages[i];
    const std::vector<std::string_view> results = ids_of<ToolResultBlock>(message);
    for (std::string_view id : results) {
      if (std::ranges::count(open, id)) continue;
      messages[fmt::format("{}.content", i)].wrong(
          fmt::format("unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` block must have a corresponding "
                      "`tool_use` block in the previous message.",
                      id));
    }
    std::erase_if(open, [&results](std::string_view id) { return std::ranges::count(results, id) > 0; });
    if (!open.empty()) {
      messages[std::to_string(i - 1)].wrong(
          fmt::format("`tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a "
                      "corresponding `tool_result` block in the next message.",
                      fmt::join(open, ", ")));
    }
    open = ids_of<ToolUseBlock>(message);
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
