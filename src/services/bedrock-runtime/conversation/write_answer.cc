#include "services/bedrock-runtime/conversation/write_answer.h"

#include <algorithm>
#include <limits>

namespace outcrop::bedrock_runtime {

namespace {

int32_t clamped(int64_t tokens) { return int32_t(std::clamp<int64_t>(tokens, 0, std::numeric_limits<int32_t>::max())); }

std::optional<std::string> unless_empty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<json::Value> unless_null(json::Value value) {
  if (value.is_null()) return std::nullopt;
  return value;
}

CitationLocation write_location(const inference::Citation::Location& at) {
  using Kind = inference::Citation::Location::Kind;
  CitationLocation location;
  switch (at.kind) {
    case Kind::document_characters:
      location.document_char = DocumentCharLocation{at.index, at.start, at.end};
      break;
    case Kind::document_pages:
      location.document_page = DocumentPageLocation{at.index, at.start, at.end};
      break;
    case Kind::document_chunks:
      location.document_chunk = DocumentChunkLocation{at.index, at.start, at.end};
      break;
    case Kind::search_result:
      location.search_result_location = SearchResultLocation{at.index, at.start, at.end};
      break;
    case Kind::web:
      location.web = WebLocation{unless_empty(at.url), unless_empty(at.domain)};
      break;
  }
  return location;
}

// Of a whole citation and of one in a stream, which differ in the name of their quotes' type.
template <class Written, class Quote>
Written write_citation(inference::Citation citation) {
  Written written;
  written.title = unless_empty(std::move(citation.title));
  written.source = unless_empty(std::move(citation.source));
  for (std::string& quote : citation.quotes) {
    if (!written.source_content) written.source_content.emplace();
    written.source_content->push_back(Quote{std::move(quote)});
  }
  if (citation.location) written.location = write_location(*citation.location);
  return written;
}

ContentBlock write_block(inference::ContentBlock block) {
  ContentBlock written;
  if (auto* text = std::get_if<inference::TextBlock>(&block)) {
    written.text = std::move(text->text);
  } else if (auto* use = std::get_if<inference::ToolUseBlock>(&block)) {
    written.tool_use = ToolUseBlock{std::move(use->id), std::move(use->name), std::move(use->input), {}};
  } else if (auto* thought = std::get_if<inference::ReasoningBlock>(&block)) {
    ReasoningContentBlock& reasoning = written.reasoning_content.emplace();
    if (thought->redacted.empty()) {
      reasoning.reasoning_text = ReasoningTextBlock{std::move(thought->text), unless_empty(std::move(thought->signature))};
    } else {
      reasoning.redacted_content = std::move(thought->redacted);
    }
  } else if (auto* cited = std::get_if<inference::CitationsBlock>(&block)) {
    CitationsContentBlock& citations = written.citations_content.emplace();
    for (std::string& text : cited->texts) {
      if (!citations.content) citations.content.emplace();
      citations.content->push_back(CitationGeneratedContent{std::move(text)});
    }
    for (inference::Citation& citation : cited->citations) {
      if (!citations.citations) citations.citations.emplace();
      citations.citations->push_back(write_citation<Citation, CitationSourceContent>(std::move(citation)));
    }
  } else {
    check(false, "models answer with text, thoughts, tool uses and citations only");
  }
  return written;
}

ContentBlockDelta write_delta(inference::BlockDelta delta) {
  ContentBlockDelta written;
  if (auto* text = std::get_if<inference::TextDelta>(&delta.delta)) {
    written.text = std::move(text->text);
  } else if (auto* input = std::get_if<inference::ToolInputDelta>(&delta.delta)) {
    written.tool_use = ToolUseBlockDelta{std::move(input->json)};
  } else if (auto* citation = std::get_if<inference::CitationDelta>(&delta.delta)) {
    written.citation = write_citation<CitationsDelta, CitationSourceContentDelta>(std::move(citation->citation));
  } else {
    auto& thought = std::get<inference::ReasoningDelta>(delta.delta);
    ReasoningContentBlockDelta& reasoning = written.reasoning_content.emplace();
    if (!thought.signature.empty()) {
      reasoning.signature = std::move(thought.signature);
    } else if (!thought.redacted.empty()) {
      reasoning.redacted_content = std::move(thought.redacted);
    } else {
      reasoning.text = std::move(thought.text);
    }
  }
  return written;
}

// "Detailed breakdown of cache writes by TTL", the longer one first (Converse API reference, TokenUsage).
std::optional<std::vector<CacheDetail>> write_cache_details(const inference::Usage& usage) {
  if (usage.cache_write == 0) return std::nullopt;
  std::vector<CacheDetail> details;
  const int64_t five_minutes = usage.cache_write - usage.cache_write_one_hour;
  if (usage.cache_write_one_hour > 0) details.push_back({.ttl = "1h", .input_tokens = clamped(usage.cache_write_one_hour)});
  if (five_minutes > 0) details.push_back({.ttl = "5m", .input_tokens = clamped(five_minutes)});
  return details;
}

}  // namespace

TokenUsage write_usage(const inference::Usage& usage) {
  return {.input_tokens = clamped(usage.input),
          .output_tokens = clamped(usage.output),
          .total_tokens = clamped(usage.total()),
          .cache_read_input_tokens = clamped(usage.cache_read),
          .cache_write_input_tokens = clamped(usage.cache_write),
          .cache_details = write_cache_details(usage)};
}

Message write_message(std::vector<inference::ContentBlock> content) {
  Message message{.role = "assistant", .content = {}};
  message.content.reserve(content.size());
  for (inference::ContentBlock& block : content) message.content.push_back(write_block(std::move(block)));
  return message;
}

ConverseStreamOutputEvent write_event(inference::AnswerEvent event) {
  ConverseStreamOutputEvent written;
  if (auto* start = std::get_if<inference::BlockStart>(&event)) {
    ContentBlockStartEvent& begun = written.content_block_start.emplace();
    begun.start.tool_use = ToolUseBlockStart{std::move(start->tool_use.id), std::move(start->tool_use.name), {}};
    begun.content_block_index = start->index;
  } else if (auto* delta = std::get_if<inference::BlockDelta>(&event)) {
    const int index = delta->index;
    written.content_block_delta = ContentBlockDeltaEvent{write_delta(std::move(*delta)), index};
  } else if (auto* stop = std::get_if<inference::BlockStop>(&event)) {
    written.content_block_stop = ContentBlockStopEvent{stop->index};
  } else {
    auto& end = std::get<inference::AnswerEnd>(event);
    written.message_stop = MessageStopEvent{std::string(word_of(end.reason)), unless_null(std::move(end.additional_fields))};
  }
  return written;
}

}  // namespace outcrop::bedrock_runtime
