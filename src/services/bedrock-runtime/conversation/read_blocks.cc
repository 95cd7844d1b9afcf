#include "services/bedrock-runtime/conversation/read_blocks.h"

#include <fmt/format.h>

#include <span>

#include "gen/bedrock-runtime/errors.h"

namespace outcrop::bedrock_runtime {

namespace {

std::unexpected<Fault> no_member(std::string_view what) {
  return fail(validation_exception(fmt::format("{} has no member that is known here.", what)));
}

inference::S3Location read_location(S3Location location) {
  return {std::move(location.uri), std::move(location.bucket_owner).value_or("")};
}

// Of images, videos and sounds alike.
template <class Source>
Result<inference::MediaSource> read_source(Source source, std::string_view what) {
  if (source.bytes) return std::move(*source.bytes);
  if (source.s3_location) return read_location(std::move(*source.s3_location));
  return no_member(what);
}

template <class Read, class Block>
Result<Read> read_media(Block block, std::string_view what) {
  auto source = read_source(std::move(block.source), what);
  if (!source) return fail(std::move(source.error()));
  return Read{std::move(block.format), std::move(*source)};
}

Result<inference::DocumentBlock> read_document(DocumentBlock block) {
  inference::DocumentBlock read{.format = std::move(block.format).value_or(""),
                                .name = std::move(block.name),
                                .context = std::move(block.context).value_or(""),
                                .source = std::string(),
                                .citations = block.citations && block.citations->enabled};
  DocumentSource& source = block.source;
  if (source.bytes) {
    read.source = std::move(*source.bytes);
  } else if (source.s3_location) {
    read.source = read_location(std::move(*source.s3_location));
  } else if (source.text) {
    read.source = inference::DocumentBlock::Text{std::move(*source.text)};
  } else if (source.content) {
    inference::DocumentBlock::Chunks chunks;
    for (DocumentContentBlock& chunk : *source.content) {
      if (!chunk.text) return no_member("A content block of a document");
      chunks.texts.push_back(std::move(*chunk.text));
    }
    read.source = std::move(chunks);
  } else {
    return no_member("The source of a document");
  }
  return read;
}

inference::SearchResultBlock read_search_result(SearchResultBlock block) {
  inference::SearchResultBlock read{.source = std::move(block.source),
                                    .title = std::move(block.title),
                                    .texts = {},
                                    .citations = block.citations && block.citations->enabled};
  for (SearchResultContentBlock& content : block.content) read.texts.push_back(std::move(content.text));
  return read;
}

// The elements of a list that may be absent.
template <class T>
std::span<T> elements(std::optional<std::vector<T>>& list) {
  return list ? std::span<T>(*list) : std::span<T>();
}

// A Result of an alternative as a Result of the variant.
template <class Variant, class Alternative>
Result<Variant> widened(Result<Alternative> result) {
  if (!result) return fail(std::move(result.error()));
  return Variant(std::move(*result));
}

Result<inference::ToolResultBlock::Content> read_result_content(ToolResultContentBlock block) {
  using Content = inference::ToolResultBlock::Content;
  if (block.text) return inference::TextBlock{std::move(*block.text)};
  if (block.json) return Content(std::move(*block.json));
  if (block.image) return widened<Content>(read_media<inference::ImageBlock>(std::move(*block.image), "The source of an image"));
  if (block.document) return widened<Content>(read_document(std::move(*block.document)));
  if (block.video) return widened<Content>(read_media<inference::VideoBlock>(std::move(*block.video), "The source of a video"));
  if (block.search_result) return read_search_result(std::move(*block.search_result));
  return no_member("A content block of a tool result");
}

Result<inference::ToolResultBlock> read_tool_result(ToolResultBlock block) {
  inference::ToolResultBlock read{.id = std::move(block.tool_use_id), .content = {}, .is_error = block.status == "error"};
  for (ToolResultContentBlock& content : block.content) {
    auto part = read_result_content(std::move(content));
    if (!part) return fail(std::move(part.error()));
    read.content.push_back(std::move(*part));
  }
  return read;
}

Result<inference::ReasoningBlock> read_reasoning(ReasoningContentBlock block) {
  if (block.redacted_content) return inference::ReasoningBlock{.redacted = std::move(*block.redacted_content)};
  if (!block.reasoning_text) return no_member("A reasoning content block");
  return inference::ReasoningBlock{.text = std::move(block.reasoning_text->text),
                                   .signature = std::move(block.reasoning_text->signature).value_or("")};
}

inference::Citation::Location span(inference::Citation::Location::Kind kind, std::optional<int32_t> index, std::optional<int32_t> start,
                                   std::optional<int32_t> end) {
  return {.kind = kind, .index = index.value_or(0), .start = start.value_or(0), .end = end.value_or(0)};
}

std::optional<inference::Citation::Location> read_location(const CitationLocation& location) {
  using Kind = inference::Citation::Location::Kind;
  if (auto& at = location.document_char) return span(Kind::document_characters, at->document_index, at->start, at->end);
  if (auto& at = location.document_page) return span(Kind::document_pages, at->document_index, at->start, at->end);
  if (auto& at = location.document_chunk) return span(Kind::document_chunks, at->document_index, at->start, at->end);
  if (auto& at = location.search_result_location) return span(Kind::search_result, at->search_result_index, at->start, at->end);
  if (!location.web) return std::nullopt;
  return inference::Citation::Location{
      .kind = Kind::web, .url = location.web->url.value_or(""), .domain = location.web->domain.value_or("")};
}

inference::CitationsBlock read_citations(CitationsContentBlock block) {
  inference::CitationsBlock read;
  for (CitationGeneratedContent& content : elements(block.content)) {
    if (content.text) read.texts.push_back(std::move(*content.text));
  }
  for (Citation& citation : elements(block.citations)) {
    inference::Citation& cited = read.citations.emplace_back();
    cited.title = std::move(citation.title).value_or("");
    cited.source = std::move(citation.source).value_or("");
    for (CitationSourceContent& content : elements(citation.source_content)) {
      if (content.text) cited.quotes.push_back(std::move(*content.text));
    }
    if (citation.location) cited.location = read_location(*citation.location);
  }
  return read;
}

}  // namespace

Result<inference::ContentBlock> read_block(ContentBlock block) {
  using Content = inference::ContentBlock;
  if (block.text) return inference::TextBlock{std::move(*block.text)};
  if (block.image) return widened<Content>(read_media<inference::ImageBlock>(std::move(*block.image), "The source of an image"));
  if (block.document) return widened<Content>(read_document(std::move(*block.document)));
  if (block.video) return widened<Content>(read_media<inference::VideoBlock>(std::move(*block.video), "The source of a video"));
  if (block.audio) return widened<Content>(read_media<inference::AudioBlock>(std::move(*block.audio), "The source of a sound"));
  if (ToolUseBlock* use = block.tool_use ? &*block.tool_use : nullptr) {
    return inference::ToolUseBlock{std::move(use->tool_use_id), std::move(use->name), std::move(use->input)};
  }
  if (block.tool_result) return widened<Content>(read_tool_result(std::move(*block.tool_result)));
  if (block.guard_content) return widened<Content>(read_guard(std::move(*block.guard_content)));
  if (block.cache_point) return read_cache_point(*block.cache_point);
  if (block.reasoning_content) return widened<Content>(read_reasoning(std::move(*block.reasoning_content)));
  if (block.citations_content) return read_citations(std::move(*block.citations_content));
  if (block.search_result) return read_search_result(std::move(*block.search_result));
  return no_member("A content block");
}

Result<inference::GuardBlock> read_guard(GuardrailConverseContentBlock block) {
  if (block.text) {
    return inference::GuardBlock{inference::TextBlock{std::move(block.text->text)},
                                 std::move(block.text->qualifiers).value_or(std::vector<std::string>())};
  }
  if (!block.image || !block.image->source.bytes) return no_member("A guarded content block");
  return inference::GuardBlock{inference::ImageBlock{std::move(block.image->format), std::move(*block.image->source.bytes)}, {}};
}

inference::CachePointBlock read_cache_point(const CachePointBlock& block) {
  using TimeToLive = inference::CachePointBlock::TimeToLive;
  if (!block.ttl) return {};
  return {*block.ttl == "1h" ? TimeToLive::one_hour : TimeToLive::five_minutes};
}

}  // namespace outcrop::bedrock_runtime
