// The content blocks of a message to Amazon Nova.
#include "inference/dialects/nova.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::nova {

namespace {

// Bytes, or where they are in S3.
std::optional<MediaSource> read_source(const Field& source) {
  if (!source.object({}, {"bytes", "s3Location"})) return std::nullopt;
  if (const Field bytes = source["bytes"]) {
    auto decoded = bytes.bytes();
    if (!decoded) return std::nullopt;
    return std::move(*decoded);
  }
  const Field location = source["s3Location"];
  if (!location) return source.wrong("required key [bytes] not found"), std::nullopt;
  if (!location.object({"uri"}, {"bucketOwner"})) return std::nullopt;
  return S3Location{location["uri"].string(), location["bucketOwner"].string()};
}

// Of images, videos and sounds alike.
template <class Block>
std::optional<Block> read_media(const Field& media, std::initializer_list<std::string_view> formats) {
  if (!media.object({"format", "source"})) return std::nullopt;
  const auto format = media["format"].one_of(formats);
  auto source = read_source(media["source"]);
  if (!format || !source) return std::nullopt;
  return Block{std::string(*format), std::move(*source)};
}

std::optional<ImageBlock> read_image(const Field& image) { return read_media<ImageBlock>(image, {"jpeg", "png", "gif", "webp"}); }

std::optional<VideoBlock> read_video(const Field& video) {
  return read_media<VideoBlock>(video, {"mkv", "mov", "mp4", "webm", "three_gp", "flv", "mpeg", "mpg", "wmv"});
}

std::optional<AudioBlock> read_audio(const Field& audio) {
  return read_media<AudioBlock>(audio, {"mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv"});
}

std::optional<DocumentBlock> read_document(const Field& document) {
  if (!document.object({"format", "name", "source"})) return std::nullopt;
  const auto format = document["format"].one_of({"pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"});
  auto source = read_source(document["source"]);
  if (!format || !source) return std::nullopt;
  DocumentBlock block{.format = std::string(*format), .name = document["name"].string()};
  if (auto* bytes = std::get_if<std::string>(&*source)) block.source = std::move(*bytes);
  if (auto* location = std::get_if<S3Location>(&*source)) block.source = std::move(*location);
  return block;
}

std::optional<ToolUseBlock> read_tool_use(const Field& use) {
  if (!use.object({"toolUseId", "name", "input"})) return std::nullopt;
  use["input"].open_object();
  return ToolUseBlock{use["toolUseId"].string(), use["name"].string(), use["input"].value()};
}

std::optional<ToolResultBlock::Content> read_result_part(const Field& part) {
  using Content = ToolResultBlock::Content;
  if (!part.object({}, {"document", "image", "json", "text", "video"})) return std::nullopt;
  auto widened = [](auto block) { return block ? std::optional<Content>(std::move(*block)) : std::nullopt; };
  if (const Field text = part["text"]) return TextBlock{text.string()};
  if (const Field value = part["json"]) return Content(value.value());
  if (const Field image = part["image"]) return widened(read_image(image));
  if (const Field document = part["document"]) return widened(read_document(document));
  if (const Field video = part["video"]) return widened(read_video(video));
  return part.wrong("required key [text] not found"), std::nullopt;
}

std::optional<ToolResultBlock> read_tool_result(const Field& result) {
  if (!result.object({"toolUseId", "content"}, {"status"})) return std::nullopt;
  ToolResultBlock read{.id = result["toolUseId"].string(), .content = {}, .is_error = false};
  read.is_error = result["status"].one_of({"success", "error"}) == "error";
  for (const Field& part : result["content"].elements()) {
    if (auto content = read_result_part(part)) read.content.push_back(std::move(*content));
  }
  return read;
}

std::optional<ReasoningBlock> read_reasoning(const Field& reasoning) {
  if (!reasoning.object({}, {"reasoningText", "redactedContent"})) return std::nullopt;
  if (const Field redacted = reasoning["redactedContent"]) return ReasoningBlock{.redacted = redacted.bytes().value_or("")};
  const Field text = reasoning["reasoningText"];
  if (!text) return reasoning.wrong("required key [reasoningText] not found"), std::nullopt;
  if (!text.object({"text"}, {"signature"})) return std::nullopt;
  return ReasoningBlock{.text = text["text"].string(), .signature = text["signature"].string()};
}

template <class Block>
std::optional<ContentBlock> widened(std::optional<Block> block) {
  if (!block) return std::nullopt;
  return ContentBlock(std::move(*block));
}

std::optional<ContentBlock> read_block(const Field& block) {
  if (!block.object({}, {"audio", "cachePoint", "document", "image", "reasoningContent", "text", "toolResult", "toolUse", "video"})) {
    return std::nullopt;
  }
  if (const Field text = block["text"]) return TextBlock{text.string()};
  if (const Field image = block["image"]) return widened(read_image(image));
  if (const Field video = block["video"]) return widened(read_video(video));
  if (const Field audio = block["audio"]) return widened(read_audio(audio));
  if (const Field document = block["document"]) return widened(read_document(document));
  if (const Field use = block["toolUse"]) return widened(read_tool_use(use));
  if (const Field result = block["toolResult"]) return widened(read_tool_result(result));
  if (const Field reasoning = block["reasoningContent"]) return widened(read_reasoning(reasoning));
  if (block["cachePoint"]) return CachePointBlock();
  return block.wrong("required key [text] not found"), std::nullopt;
}

}  // namespace

void read_content(const Field& content, Conversation& out, Role role) {
  for (const Field& element : content.elements({.min = 1})) {
    if (auto block = read_block(element)) say(out, role, std::move(*block));
  }
}

}  // namespace outcrop::inference::nova
