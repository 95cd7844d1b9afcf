#include "inference/dialects/turns.h"

#include <algorithm>

#include "json/writer.h"

namespace outcrop::inference {

void say(Conversation& conversation, Role role, ContentBlock block) {
  std::vector<Message>& messages = conversation.messages;
  if (messages.empty() || messages.back().role != role) messages.push_back({role, {}});
  messages.back().content.push_back(std::move(block));
}

Message& last_of_user(Conversation& conversation) {
  std::vector<Message>& messages = conversation.messages;
  const auto last = std::ranges::find(messages.rbegin(), messages.rend(), Role::user, &Message::role);
  return last != messages.rend() ? *last : *messages.insert(messages.begin(), Message{Role::user, {}});
}

void keep(Conversation& conversation, json::Object fields) {
  if (!fields.empty()) conversation.additional_fields = json::Value(std::move(fields));
}

std::optional<std::string_view> image_format(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "png";
  if (bytes.starts_with("\xff\xd8\xff")) return "jpeg";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return "gif";
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") return "webp";
  return std::nullopt;
}

std::string answer_text(const CollectedAnswer& answer) {
  std::string text;
  for (const ContentBlock& block : answer.content) {
    if (auto* plain = std::get_if<TextBlock>(&block)) text += plain->text;
    if (auto* cited = std::get_if<CitationsBlock>(&block)) {
      for (const std::string& part : cited->texts) text += part;
    }
  }
  return text;
}

std::string answer_reasoning(const CollectedAnswer& answer) {
  std::string text;
  for (const ContentBlock& block : answer.content) {
    if (auto* reasoning = std::get_if<ReasoningBlock>(&block)) text += reasoning->text;
  }
  return text;
}

std::string write_completion(std::string_view list, std::string_view text, std::optional<StopReason> reason) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name(list), out.begin_array();
  out.begin_object();
  out.name("text"), out.string(text);
  out.name("stop_reason");
  reason ? out.string(*reason == StopReason::max_tokens ? "length" : "stop") : out.null();
  out.end_object();
  out.end_array();
  out.end_object();
  return body;
}

std::string_view text_of(const AnswerEvent& event) {
  auto* delta = std::get_if<BlockDelta>(&event);
  auto* text = delta ? std::get_if<TextDelta>(&delta->delta) : nullptr;
  return text ? std::string_view(text->text) : std::string_view();
}

std::string_view reasoning_of(const AnswerEvent& event) {
  auto* delta = std::get_if<BlockDelta>(&event);
  auto* reasoning = delta ? std::get_if<ReasoningDelta>(&delta->delta) : nullptr;
  return reasoning ? std::string_view(reasoning->text) : std::string_view();
}

}  // namespace outcrop::inference
