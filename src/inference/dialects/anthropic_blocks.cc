#include "inference/dialects/anthropic_blocks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/encoding.h"

namespace outcrop::inference::anthropic {

namespace {

// Text and, where it cites, its citations.
std::optional<ContentBlock> read_text(const Field& block) {
  if (!block.object({"type", "text"}, {"cache_control", "citations"})) return std::nullopt;
  std::string text = block["text"].string();
  std::vector<Citation> citations = read_citations(block["citations"]);
  if (citations.empty()) return TextBlock{std::move(text)};
  return CitationsBlock{{std::move(text)}, std::move(citations)};
}

std::optional<ImageBlock> read_image(const Field& block) {
  if (!block.object({"type", "source"}, {"cache_control"})) return std::nullopt;
  const Field source = block["source"];
  if (!read_tag(source, {"base64"})) return std::nullopt;
  const Field base64 = source.as("base64");
  base64.object({"type", "media_type", "data"});
  const auto media_type = base64["media_type"].one_of({"image/jpeg", "image/png", "image/gif", "image/webp"});
  auto bytes = base64["data"].bytes();
  if (!media_type || !bytes) return std::nullopt;
  return ImageBlock{std::string(media_type->substr(6)), std::move(*bytes)};
}

// The texts of content that may hold texts only: of a document in chunks, or of a search result.
std::vector<std::string> read_chunks(const Field& content) {
  std::vector<std::string> texts;
  if (content.is(json::Kind::string)) return {content.string()};
  for (const Field& chunk : content.elements()) {
    if (!read_tag(chunk, {"text"})) continue;
    const Field text = chunk.as("text");
    text.object({"type", "text"}, {"cache_control", "citations"});
    texts.push_back(text["text"].string());
  }
  return texts;
}

void read_document_source(const Field& source, DocumentBlock& document) {
  const auto type = read_tag(source, {"base64", "content", "text"});
  if (!type) return;
  const Field field = source.as(*type);
  if (*type == "content") {
    field.object({"type", "content"});
    document.source = DocumentBlock::Chunks{read_chunks(field["content"])};
    return;
  }
  field.object({"type", "media_type", "data"});
  if (*type == "text") {
    field["media_type"].one_of({"text/plain"});
    document.source = DocumentBlock::Text{field["data"].string()};
    return;
  }
  field["media_type"].one_of({"application/pdf"});
  document.format = "pdf";
  document.source = field["data"].bytes().value_or("");
}

bool wants_citations(const Field& block) {
  const Field citations = block["citations"];
  if (!citations) return false;
  citations.object({}, {"enabled"});
  return citations["enabled"].boolean().value_or(false);
}

std::optional<DocumentBlock> read_document(const Field& block) {
  if (!block.object({"type", "source"}, {"cache_control", "citations", "context", "title"})) return std::nullopt;
  DocumentBlock document{.name = block["title"].string(), .context = block["context"].string(), .citations = wants_citations(block)};
  read_document_source(block["source"], document);
  return document;
}

std::optional<SearchResultBlock> read_search_result(const Field& block) {
  if (!block.object({"type", "content", "source", "title"}, {"cache_control", "citations"})) return std::nullopt;
  return SearchResultBlock{block["source"].string(), block["title"].string(), read_chunks(block["content"]), wants_citations(block)};
}

std::optional<ToolUseBlock> read_tool_use(const Field& block) {
  if (!block.object({"type", "id", "name", "input"}, {"cache_control"})) return std::nullopt;
  block["input"].open_object();
  return ToolUseBlock{block["id"].string(), block["name"].string(), block["input"].value()};
}

std::optional<ToolResultBlock::Content> read_result_part(const Field& part) {
  using Content = ToolResultBlock::Content;
  const auto type = read_tag(part, {"document", "image", "search_result", "text"});
  if (!type) return std::nullopt;
  const Field field = part.as(*type);
  auto widened = [](auto block) { return block ? std::optional<Content>(std::move(*block)) : std::nullopt; };
  if (*type == "image") return widened(read_image(field));
  if (*type == "document") return widened(read_document(field));
  if (*type == "search_result") return widened(read_search_result(field));
  field.object({"type", "text"}, {"cache_control", "citations"});
  return TextBlock{field["text"].string()};
}

std::optional<ToolResultBlock> read_tool_result(const Field& block) {
  if (!block.object({"type", "tool_use_id"}, {"cache_control", "content", "is_error"})) return std::nullopt;
  ToolResultBlock result{.id = block["tool_use_id"].string(), .content = {}, .is_error = block["is_error"].boolean().value_or(false)};
  const Field content = block["content"];
  if (content.is(json::Kind::string)) {
    result.content.push_back(TextBlock{content.string()});
    return result;
  }
  for (const Field& part : content.elements()) {
    if (auto read = read_result_part(part)) result.content.push_back(std::move(*read));
  }
  return result;
}

std::optional<ReasoningBlock> read_thinking(const Field& block) {
  if (!block.object({"type", "thinking", "signature"})) return std::nullopt;
  return ReasoningBlock{.text = block["thinking"].string(), .signature = block["signature"].string()};
}

// Its data is base64 of what only Anthropic can read; should it ever be something else, it is kept as it came.
std::optional<ReasoningBlock> read_redacted(const Field& block) {
  if (!block.object({"type", "data"})) return std::nullopt;
  const std::string data = block["data"].string();
  return ReasoningBlock{.redacted = unbase64(data).value_or(data)};
}

template <class Block>
std::optional<ContentBlock> widened(std::optional<Block> block) {
  if (!block) return std::nullopt;
  return ContentBlock(std::move(*block));
}

std::optional<ContentBlock> read_block(const Field& block, Role role) {
  const auto type = role == Role::user ? read_tag(block, {"document", "image", "search_result", "text", "tool_result"})
                                       : read_tag(block, {"redacted_thinking", "text", "thinking", "tool_use"});
  if (!type) return std::nullopt;
  const Field field = block.as(*type);
  if (*type == "text") return read_text(field);
  if (*type == "image") return widened(read_image(field));
  if (*type == "document") return widened(read_document(field));
  if (*type == "search_result") return widened(read_search_result(field));
  if (*type == "tool_use") return widened(read_tool_use(field));
  if (*type == "tool_result") return widened(read_tool_result(field));
  return widened(*type == "thinking" ? read_thinking(field) : read_redacted(field));
}

}  // namespace

std::optional<std::string_view> read_tag(const Field& block, std::initializer_list<std::string_view> tags) {
  if (!block.open_object()) return std::nullopt;
  if (!block["type"]) return block["type"].wrong("Field required"), std::nullopt;
  const auto type = block["type"].text();
  if (!type || std::ranges::count(tags, *type)) return type;
  block.wrong(
      fmt::format("Input tag '{}' found using 'type' does not match any of the expected tags: '{}'", *type, fmt::join(tags, "', '")));
  return std::nullopt;
}

std::optional<CachePointBlock> read_cache_control(const Field& block) {
  using TimeToLive = CachePointBlock::TimeToLive;
  const Field control = block["cache_control"];
  if (!control || !control.object({"type"}, {"ttl"})) return std::nullopt;
  control["type"].one_of({"ephemeral"});
  const auto time = control["ttl"].one_of({"5m", "1h"});
  if (!time) return CachePointBlock();
  return CachePointBlock{*time == "1h" ? TimeToLive::one_hour : TimeToLive::five_minutes};
}

void read_content(const Field& content, Role role, std::vector<ContentBlock>& out) {
  if (content.is(json::Kind::string)) {
    out.push_back(TextBlock{content.string()});
    return;
  }
  for (const Field& element : content.elements()) {
    auto block = read_block(element, role);
    if (!block) continue;
    out.push_back(std::move(*block));
    if (auto point = read_cache_control(element)) out.push_back(*point);
  }
}

}  // namespace outcrop::inference::anthropic
