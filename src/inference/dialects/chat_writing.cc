// A chat completion, written and streamed.
#include <fmt/format.h>

#include "inference/dialects/chat_completion.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::chat {

namespace {

void write_counts(json::Writer& out, const Usage& usage) {
  out.name("prompt_tokens"), out.number(prompt_tokens(usage));
  out.name("completion_tokens"), out.number(usage.output);
  out.name("total_tokens"), out.number(usage.total());
}

}  // namespace

std::string_view finish_reason(StopReason reason) {
  switch (reason) {
    case StopReason::tool_use:
    case StopReason::malformed_tool_use:
      return "tool_calls";
    case StopReason::max_tokens:
    case StopReason::model_context_window_exceeded:
      return "length";
    case StopReason::content_filtered:
    case StopReason::guardrail_intervened:
      return "content_filter";
    case StopReason::end_turn:
    case StopReason::stop_sequence:
    case StopReason::malformed_model_output:
      break;
  }
  return "stop";
}

void write_tool_calls(json::Writer& out, const CollectedAnswer& answer) {
  bool begun = false;
  for (const ContentBlock& block : answer.content) {
    auto* use = std::get_if<ToolUseBlock>(&block);
    if (!use) continue;
    if (!std::exchange(begun, true)) out.name("tool_calls"), out.begin_array();
    out.begin_object();
    out.name("id"), out.string(use->id);
    out.name("type"), out.string("function");
    out.name("function"), out.begin_object();
    out.name("name"), out.string(use->name);
    // An input that is no JSON is its text.
    out.name("arguments"), out.string(use->input.is_string() ? std::string(use->input.as_string()) : json::write(use->input));
    out.end_object(), out.end_object();
  }
  if (begun) out.end_array();
}

void write_usage(json::Writer& out, const Usage& usage) {
  out.name("usage"), out.begin_object();
  write_counts(out, usage);
  out.end_object();
}

void write_usage_with_cache(json::Writer& out, const Usage& usage) {
  out.name("usage"), out.begin_object();
  write_counts(out, usage);
  out.name("prompt_tokens_details"), out.begin_object();
  out.name("cached_tokens"), out.number(usage.cache_read);
  out.end_object();
  out.end_object();
}

void write_message(json::Writer& out, std::string_view text, const CollectedAnswer& answer) {
  out.name("index"), out.number(0);
  out.name("message"), out.begin_object();
  out.name("role"), out.string("assistant");
  out.name("content"), out.string(text);
  write_tool_calls(out, answer);
  out.end_object();
}

void write_choices(json::Writer& out, std::string_view text, const CollectedAnswer& answer) {
  out.name("choices"), out.begin_array();
  out.begin_object();
  write_message(out, text, answer);
  out.name("finish_reason"), out.string(finish_reason(answer.end.reason));
  out.end_object();
  out.end_array();
  write_usage(out, answer.usage);
}

void write_completion_head(json::Writer& out, std::string_view object, const AnswerFacts& facts) {
  out.name("id"), out.string(fmt::format("chatcmpl-{}", facts.answer_id));
  out.name("object"), out.string(object);
  out.name("created"), out.number(facts.created_s);
  out.name("model"), out.string(facts.model_id);
}

template <class F>
void DeltaStream::chunk(std::vector<std::string>& chunks, F write_delta, std::string_view finish, const Usage* usage) const {
  json::Writer out(chunks.emplace_back());
  out.begin_object();
  write_head(out);
  out.name("choices"), out.begin_array();
  out.begin_object();
  out.name("index"), out.number(0);
  out.name("delta"), out.begin_object();
  write_delta(out);
  out.end_object();
  out.name("finish_reason");
  finish.empty() ? out.null() : out.string(finish);
  out.end_object();
  out.end_array();
  if (usage) write_usage(out, *usage);
  // Its own chunk is yet to come.
  if (style_.usage == DeltaStyle::UsageChunk::own) out.name("usage"), out.null();
  out.end_object();
}

void DeltaStream::add_text(std::vector<std::string>& chunks, std::string_view member, std::string_view text) const {
  chunk(chunks, [member, text](json::Writer& out) { out.name(member), out.string(text); });
}

void DeltaStream::add_thought(std::vector<std::string>& chunks, const std::string& thought) {
  if (thought.empty() || style_.thoughts == DeltaStyle::Thoughts::hidden) return;
  if (style_.thoughts == DeltaStyle::Thoughts::apart) return add_text(chunks, "reasoning", thought);
  const bool goes_on = std::exchange(reasoning_, true);
  add_text(chunks, "content", goes_on ? thought : "<reasoning>" + thought);
}

void DeltaStream::end_reasoning(std::vector<std::string>& chunks) {
  if (std::exchange(reasoning_, false)) add_text(chunks, "content", "</reasoning>");
}

void DeltaStream::finish(std::vector<std::string>& chunks, const Usage& usage) const {
  const bool in_last = style_.usage == DeltaStyle::UsageChunk::last;
  chunk(chunks, [](json::Writer&) {}, finish_reason(end_.reason), in_last ? &usage : nullptr);
  if (style_.usage != DeltaStyle::UsageChunk::own) return;
  json::Writer out(chunks.emplace_back());
  out.begin_object();
  write_head(out);
  out.name("choices"), out.begin_array(), out.end_array();
  write_usage_with_cache(out, usage);
  out.end_object();
}

void DeltaStream::take(AnswerEvent event, std::vector<std::string>& chunks) {
  if (!std::exchange(started_, true)) {
    chunk(chunks, [](json::Writer& out) {
      out.name("role"), out.string("assistant");
      out.name("content"), out.string("");
    });
  }
  if (auto* start = std::get_if<BlockStart>(&event)) {
    end_reasoning(chunks);
    ++tool_call_;
    chunk(chunks, [&](json::Writer& out) {
      out.name("tool_calls"), out.begin_array();
      out.begin_object();
      out.name("index"), out.number(tool_call_);
      out.name("id"), out.string(start->tool_use.id);
      out.name("type"), out.string("function");
      out.name("function"), out.begin_object();
      out.name("name"), out.string(start->tool_use.name);
      out.name("arguments"), out.string("");
      out.end_object(), out.end_object(), out.end_array();
    });
  } else if (auto* delta = std::get_if<BlockDelta>(&event)) {
    take_delta(*delta, chunks);
  } else if (auto* end = std::get_if<AnswerEnd>(&event)) {
    end_reasoning(chunks);
    end_ = std::move(*end);
  } else if (auto* usage = std::get_if<AnswerUsage>(&event)) {
    finish(chunks, usage->usage);
  }
}

void DeltaStream::take_delta(const BlockDelta& delta, std::vector<std::string>& chunks) {
  if (auto* thought = std::get_if<ReasoningDelta>(&delta.delta)) {
    add_thought(chunks, thought->text);
  } else if (auto* text = std::get_if<TextDelta>(&delta.delta)) {
    end_reasoning(chunks);
    if (!text->text.empty()) add_text(chunks, "content", text->text);
  } else if (auto* input = std::get_if<ToolInputDelta>(&delta.delta)) {
    chunk(chunks, [&](json::Writer& out) {
      out.name("tool_calls"), out.begin_array();
      out.begin_object();
      out.name("index"), out.number(tool_call_);
      out.name("function"), out.begin_object();
      out.name("arguments"), out.string(input->json);
      out.end_object(), out.end_object(), out.end_array();
    });
  }
}

}  // namespace outcrop::inference::chat
