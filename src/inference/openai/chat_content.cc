#include "inference/openai/chat_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "inference/refusal.h"

namespace outcrop::inference {

namespace {

Result<const std::string*> bytes_of(const MediaSource& source) {
  if (auto* bytes = std::get_if<std::string>(&source)) return bytes;
  return refused("Media in S3 cannot be sent to this model.");
}

std::string data_url(std::string_view media_type, std::string_view bytes) {
  return fmt::format("data:{};base64,{}", media_type, base64(bytes));
}

// A document among other text, so that a model sees where it begins and ends and what it is called.
std::string framed(const DocumentBlock& document, std::string_view text) {
  std::string framed = fmt::format("<document name=\"{}\">\n", document.name);
  if (!document.context.empty()) framed += fmt::format("<context>{}</context>\n", document.context);
  return framed.append(text).append("\n</document>");
}

}  // namespace

Result<void> ChatContent::add(const ContentBlock& block) {
  if (auto* text = std::get_if<TextBlock>(&block)) return add_text(text->text), Result<void>();
  if (auto* image = std::get_if<ImageBlock>(&block)) return add_image(*image);
  if (auto* audio = std::get_if<AudioBlock>(&block)) return add_audio(*audio);
  if (auto* document = std::get_if<DocumentBlock>(&block)) return add_document(*document);
  if (auto* result = std::get_if<SearchResultBlock>(&block)) return add_search_result(*result), Result<void>();
  if (std::holds_alternative<CachePointBlock>(block)) return {};
  if (auto* guarded = std::get_if<GuardBlock>(&block)) {
    if (auto* text = std::get_if<TextBlock>(&guarded->content)) return add_text(text->text), Result<void>();
    return add_image(std::get<ImageBlock>(guarded->content));
  }
  if (std::holds_alternative<VideoBlock>(block)) return refused("This model takes no videos.");
  return refused("A user message of this model can hold text, images, documents, sounds and tool results only.");
}

Result<void> ChatContent::add_result(const ToolResultBlock::Content& part, ChatContent& rest) {
  if (auto* text = std::get_if<TextBlock>(&part)) return add_text(text->text), Result<void>();
  if (auto* value = std::get_if<json::Value>(&part)) return add_text(json::write(*value)), Result<void>();
  if (auto* image = std::get_if<ImageBlock>(&part)) return rest.add_image(*image);
  if (auto* document = std::get_if<DocumentBlock>(&part)) return rest.add_document(*document);
  if (auto* result = std::get_if<SearchResultBlock>(&part)) return add_search_result(*result), Result<void>();
  return refused("This model takes no videos.");
}

Result<void> ChatContent::add_image(const ImageBlock& image) {
  auto bytes = bytes_of(image.source);
  if (!bytes) return fail(std::move(bytes.error()));
  parts_.push_back({Part::Kind::image_url, data_url("image/" + image.format, **bytes), {}});
  return {};
}

Result<void> ChatContent::add_audio(const AudioBlock& audio) {
  auto bytes = bytes_of(audio.source);
  if (!bytes) return fail(std::move(bytes.error()));
  parts_.push_back({Part::Kind::input_audio, base64(**bytes), audio.format});
  return {};
}

Result<void> ChatContent::add_document(const DocumentBlock& document) {
  if (auto* text = std::get_if<DocumentBlock::Text>(&document.source)) return add_text(framed(document, text->text)), Result<void>();
  if (auto* chunks = std::get_if<DocumentBlock::Chunks>(&document.source)) {
    std::string text;
    for (const std::string& chunk : chunks->texts) text.append(text.empty() ? "" : "\n").append(chunk);
    return add_text(framed(document, text)), Result<void>();
  }
  auto* bytes = std::get_if<std::string>(&document.source);
  if (!bytes) return refused("Documents in S3 cannot be sent to this model.");
  if (is_text_format(document.format)) {
    if (!is_valid_utf8(*bytes)) return refused(fmt::format("The document {} is not UTF-8 text.", document.name));
    return add_text(framed(document, *bytes)), Result<void>();
  }
  if (document.format != "pdf") return refused(fmt::format("This model takes no documents of the format {}.", document.format));
  if (!document.context.empty()) add_text(document.context);
  parts_.push_back({Part::Kind::file, data_url("application/pdf", *bytes), document.name + ".pdf"});
  return {};
}

void ChatContent::add_search_result(const SearchResultBlock& result) {
  std::string text = fmt::format("<search_result source=\"{}\" title=\"{}\">\n", result.source, result.title);
  for (const std::string& part : result.texts) text.append(part).append("\n");
  add_text(text + "</search_result>");
}

void ChatContent::write(json::Writer& out) const {
  if (std::ranges::all_of(parts_, [](const Part& part) { return part.kind == Part::Kind::text; })) {
    std::string text;
    for (const Part& part : parts_) text.append(text.empty() ? "" : "\n").append(part.content);
    return out.string(text);
  }
  out.begin_array();
  for (const Part& part : parts_) write_part(out, part);
  out.end_array();
}

void ChatContent::write_part(json::Writer& out, const Part& part) {
  out.begin_object();
  switch (part.kind) {
    case Part::Kind::text:
      out.name("type"), out.string("text");
      out.name("text"), out.string(part.content);
      break;
    case Part::Kind::image_url:
      out.name("type"), out.string("image_url");
      out.name("image_url"), out.begin_object();
      out.name("url"), out.string(part.content);
      out.end_object();
      break;
    case Part::Kind::input_audio:
      out.name("type"), out.string("input_audio");
      out.name("input_audio"), out.begin_object();
      out.name("data"), out.string(part.content);
      out.name("format"), out.string(part.label);
      out.end_object();
      break;
    case Part::Kind::file:
      out.name("type"), out.string("file");
      out.name("file"), out.begin_object();
      out.name("filename"), out.string(part.label);
      out.name("file_data"), out.string(part.content);
      out.end_object();
      break;
  }
  out.end_object();
}

}  // namespace outcrop::inference
