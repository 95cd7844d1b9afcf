#include "inference/embedded_prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "inference/refusal.h"

namespace outcrop::inference {

namespace {

using embedded::Source;
using embedded::SourceKind;

// Collects what a conversation says, in its order.
class PromptReader {
 public:
  explicit PromptReader(EmbeddedPrompt& prompt) : prompt_(prompt) {}

  Result<void> add(const DocumentBlock& document) {
    if (auto* text = std::get_if<DocumentBlock::Text>(&document.source)) return add_source(document.name, text->text), Result<void>();
    if (auto* chunks = std::get_if<DocumentBlock::Chunks>(&document.source)) {
      for (const std::string& chunk : chunks->texts) add_source(document.name, chunk);
      return {};
    }
    auto* bytes = std::get_if<std::string>(&document.source);
    if (!bytes) return refused("Documents in S3 cannot be read here.");
    if (!is_text_format(document.format)) {
      return refused(fmt::format("The embedded model reads text (txt, md, csv, html), not documents of the format {}.", document.format));
    }
    if (!is_valid_utf8(*bytes)) return refused(fmt::format("The document {} is not UTF-8 text.", document.name));
    add_source(document.name, *bytes);
    return {};
  }

  void add(const SearchResultBlock& result) {
    for (const std::string& text : result.texts) add_source(result.title, text);
  }

  Result<void> add(const ToolResultBlock& result) {
    for (const ToolResultBlock::Content& part : result.content) {
      if (auto* text = std::get_if<TextBlock>(&part)) {
        add_source({}, text->text);
      } else if (auto* value = std::get_if<json::Value>(&part)) {
        texts_.push_back(json::write_pretty(*value));
      } else if (auto* document = std::get_if<DocumentBlock>(&part)) {
        if (auto added = add(*document); !added) return added;
      } else if (auto* found = std::get_if<SearchResultBlock>(&part)) {
        add(*found);
      } else {
        return refused("The embedded model reads text only, no images and no videos.");
      }
    }
    return {};
  }

  // `is_asked`: of the message whose words are to be answered.
  Result<void> add(const ContentBlock& block, bool is_asked) {
    if (auto* text = std::get_if<TextBlock>(&block)) return add_words(text->text, is_asked), Result<void>();
    if (auto* guarded = std::get_if<GuardBlock>(&block)) {
      auto* guarded_text = std::get_if<TextBlock>(&guarded->content);
      if (!guarded_text) return refused("The embedded model reads text only, no images.");
      return add_words(guarded_text->text, is_asked), Result<void>();
    }
    if (auto* document = std::get_if<DocumentBlock>(&block)) return add(*document);
    if (auto* result = std::get_if<ToolResultBlock>(&block)) return add(*result);
    if (auto* result = std::get_if<SearchResultBlock>(&block)) return add(*result), Result<void>();
    bool is_media =
        std::holds_alternative<ImageBlock>(block) || std::holds_alternative<VideoBlock>(block) || std::holds_alternative<AudioBlock>(block);
    if (is_media) return refused("The embedded model reads text only, no images, sounds and videos.");
    return {};  // cache points, and what an assistant thought, used and cited
  }

  void add_system(std::string_view text) { prompt_.sources.push_back({{}, text, SourceKind::instruction}); }

  // After all.
  void finish() {
    prompt_.kept = std::move(texts_);
    for (const std::string& text : prompt_.kept) prompt_.sources.push_back({{}, text, SourceKind::document});
  }

 private:
  void add_source(std::string_view name, std::string_view text) { prompt_.sources.push_back({name, text, SourceKind::document}); }
  void add_words(std::string_view text, bool is_asked) {
    if (!is_asked) return prompt_.sources.push_back({{}, text, SourceKind::message});
    if (!prompt_.message.empty()) prompt_.message += '\n';
    prompt_.message += text;
  }

  EmbeddedPrompt& prompt_;
  std::vector<std::string> texts_;
};

template <class Block>
bool holds(const Message& message) {
  return std::ranges::any_of(message.content, [](const ContentBlock& block) { return std::holds_alternative<Block>(block); });
}

// The last message of the user that has words: results of tools come without, and are for what was asked before.
const Message* asked_message(const std::vector<Message>& messages) {
  for (size_t i = messages.size(); i-- > 0;) {
    if (messages[i].role == Role::user && (holds<TextBlock>(messages[i]) || holds<GuardBlock>(messages[i]))) return &messages[i];
  }
  return nullptr;
}

}  // namespace

size_t EmbeddedPrompt::bytes() const {
  size_t bytes = message.size();
  for (const Source& source : sources) bytes += source.text.size();
  return bytes;
}

Result<EmbeddedPrompt> embedded_prompt(const Conversation& conversation) {
  EmbeddedPrompt prompt;
  PromptReader reader(prompt);
  for (const SystemBlock& block : conversation.system) {
    if (auto* text = std::get_if<TextBlock>(&block)) reader.add_system(text->text);
    auto* guarded = std::get_if<GuardBlock>(&block);
    if (auto* text = guarded ? std::get_if<TextBlock>(&guarded->content) : nullptr) reader.add_system(text->text);
  }
  const Message* asked = asked_message(conversation.messages);
  for (const Message& message : conversation.messages) {
    for (const ContentBlock& block : message.content) {
      if (auto added = reader.add(block, &message == asked); !added) return fail(std::move(added.error()));
    }
  }
  reader.finish();
  prompt.has_tool_results = !conversation.messages.empty() && holds<ToolResultBlock>(conversation.messages.back());
  return prompt;
}

}  // namespace outcrop::inference
