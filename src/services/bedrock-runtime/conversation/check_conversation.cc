#include "services/bedrock-runtime/conversation/check_conversation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

namespace {

std::unexpected<Fault> invalid(std::string message) { return fail(validation_exception(std::move(message))); }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

Result<void> check_turns(const std::vector<inference::Message>& messages) {
  if (messages.empty() || messages.front().role != inference::Role::user) {
    return invalid("A conversation must start with a user message. Try again with a conversation that starts with a user message.");
  }
  for (size_t i = 1; i < messages.size(); ++i) {
    if (messages[i].role != messages[i - 1].role) continue;
    return invalid(
        "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant "
        "roles and try again.");
  }
  return {};
}

// Letters, digits, single white space, hyphens, parentheses and square brackets (Converse API reference, DocumentBlock).
bool is_document_name(std::string_view name) {
  bool after_space = false;
  for (char c : name) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_space && after_space) return false;
    if (!is_space && !is_letter && std::string_view("-()[]").find(c) == std::string_view::npos) return false;
    after_space = is_space;
  }
  return true;
}

Result<void> check_block(const inference::ContentBlock& block, size_t message, size_t position) {
  auto* text = std::get_if<inference::TextBlock>(&block);
  if (text && is_blank(text->text)) {
    return invalid(
        fmt::format("The text field in the ContentBlock object at messages.{}.content.{} is blank. Add text to the text field, and "
                    "try again.",
                    message, position));
  }
  auto* document = std::get_if<inference::DocumentBlock>(&block);
  if (document && !is_document_name(document->name)) {
    return invalid(
        "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square "
        "brackets. "
        "The name can't contain more than one consecutive whitespace character.");
  }
  return {};
}

Result<void> check_contents(const std::vector<inference::Message>& messages) {
  for (size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].content.empty()) {
      return invalid(
          fmt::format("The content field in the Message object at messages.{} is empty. Add a ContentBlock object to the content "
                      "field and try again.",
                      i));
    }
    for (size_t k = 0; k < messages[i].content.size(); ++k) {
      if (auto checked = check_block(messages[i].content[k], i, k); !checked) return checked;
    }
  }
  return {};
}

template <class Block>
std::vector<std::string_view> ids_of(const inference::Message& message) {
  std::vector<std::string_view> ids;
  for (const inference::ContentBlock& block : message.content) {
    if (auto* wanted = std::get_if<Block>(&block)) ids.push_back(wanted->id);
  }
  return ids;
}

// The results in a turn are those of the tools that the turn before used.
Result<void> check_tool_turns(const inference::Conversation& conversation) {
  std::vector<std::string_view> uses;
  bool any = false;
  for (size_t i = 0; i < conversation.messages.size(); ++i) {
    const inference::Message& message = conversation.messages[i];
    const std::vector<std::string_view> results = ids_of<inference::ToolResultBlock>(message);
    std::vector<std::string_view> missing;
    std::ranges::copy_if(uses, std::back_inserter(missing), [&](std::string_view use) { return std::ranges::count(results, use) == 0; });
    if (!missing.empty())
      return invalid(
          fmt::format("Expected toolResult blocks at messages.{}.content for the following Ids: {}", i, fmt::join(missing, ", ")));
    if (results.size() > uses.size()) {
      return invalid(
          fmt::format("The number of toolResult blocks at messages.{}.content exceeds the number of toolUse blocks of previous turn.", i));
    }
    uses = ids_of<inference::ToolUseBlock>(message);
    any |= !uses.empty() || !results.empty();
  }
  if (any && conversation.tools.empty()) {
    return invalid("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
  }
  return {};
}

Result<void> check_tools(const inference::Conversation& conversation) {
  std::set<std::string_view> names;
  for (const inference::Tool& tool : conversation.tools) {
    auto* specification = std::get_if<inference::ToolSpecification>(&tool);
    if (!specification) continue;
    if (!names.insert(specification->name).second) {
      return invalid(fmt::format("The toolConfig field names the tool {} more than once.", specification->name));
    }
  }
  const auto& choice = conversation.tool_choice;
  if (choice && choice->kind == inference::ToolChoice::Kind::tool && !names.contains(choice->name)) {
    return invalid(fmt::format("The toolChoice field names the tool {}, which is not among the tools.", choice->name));
  }
  return {};
}

}  // namespace

Result<void> check_conversation(const inference::Conversation& conversation) {
  if (auto checked = check_turns(conversation.messages); !checked) return checked;
  if (auto checked = check_contents(conversation.messages); !checked) return checked;
  if (auto checked = check_tools(conversation); !checked) return checked;
  return check_tool_turns(conversation);
}

}  // namespace outcrop::bedrock_runtime
