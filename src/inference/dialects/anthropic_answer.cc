// An answer of Anthropic's Messages API, whole and streamed.
#include <fmt/format.h>

#include "base/encoding.h"
#include "inference/dialects/anthropic_blocks.h"
#include "inference/dialects/anthropic_messages.h"

namespace outcrop::inference::anthropic {

namespace {

std::string_view stop_reason(StopReason reason) {
  switch (reason) {
    case StopReason::tool_use:
    case StopReason::malformed_tool_use:
      return "tool_use";
    case StopReason::max_tokens:
      return "max_tokens";
    case StopReason::stop_sequence:
      return "stop_sequence";
    case StopReason::content_filtered:
      return "refusal";
    case StopReason::model_context_window_exceeded:
      return "model_context_window_exceeded";
    case StopReason::end_turn:
    case StopReason::guardrail_intervened:
    case StopReason::malformed_model_output:
      break;
  }
  return "end_turn";
}

void write_stop(json::Writer& out, const AnswerEnd& end) {
  out.name("stop_reason"), out.string(stop_reason(end.reason));
  out.name("stop_sequence");
  end.stop_sequence.empty() ? out.null() : out.string(end.stop_sequence);
}

void write_usage(json::Writer& out, const Usage& usage) {
  out.name("usage"), out.begin_object();
  out.name("input_tokens"), out.number(usage.input);
  out.name("cache_creation_input_tokens"), out.number(usage.cache_write);
  out.name("cache_read_input_tokens"), out.number(usage.cache_read);
  out.name("output_tokens"), out.number(usage.output);
  out.end_object();
}

void write_message_head(json::Writer& out, const AnswerFacts& facts) {
  out.name("id"), out.string(fmt::format("msg_bdrk_{}", facts.answer_id));
  out.name("type"), out.string("message");
  out.name("role"), out.string("assistant");
  out.name("model"), out.string(own_name(facts.model_id));
}

void write_text(json::Writer& out, std::string_view text) {
  out.name("type"), out.string("text");
  out.name("text"), out.string(text);
}

void write_tool_use(json::Writer& out, std::string_view id, std::string_view name, const json::Value& input) {
  out.name("type"), out.string("tool_use");
  out.name("id"), out.string(id);
  out.name("name"), out.string(name);
  out.name("input"), out.value(input);
}

void write_thinking(json::Writer& out, std::string_view text, std::string_view signature) {
  out.name("type"), out.string("thinking");
  out.name("thinking"), out.string(text);
  out.name("signature"), out.string(signature);
}

void write_redacted(json::Writer& out, std::string_view bytes) {
  out.name("type"), out.string("redacted_thinking");
  out.name("data"), out.string(base64(bytes));
}

void write_cited(json::Writer& out, const CitationsBlock& block) {
  std::string text;
  for (const std::string& part : block.texts) text += part;
  write_text(out, text);
  out.name("citations"), out.begin_array();
  for (const Citation& citation : block.citations) write_citation(out, citation);
  out.end_array();
}

void write_block(json::Writer& out, const ContentBlock& block) {
  out.begin_object();
  if (auto* text = std::get_if<TextBlock>(&block)) write_text(out, text->text);
  if (auto* cited = std::get_if<CitationsBlock>(&block)) write_cited(out, *cited);
  if (auto* use = std::get_if<ToolUseBlock>(&block)) write_tool_use(out, use->id, use->name, use->input);
  if (auto* reasoning = std::get_if<ReasoningBlock>(&block)) {
    reasoning->redacted.empty() ? write_thinking(out, reasoning->text, reasoning->signature) : write_redacted(out, reasoning->redacted);
  }
  out.end_object();
}

class Stream final : public DialectStream {
 public:
  explicit Stream(const AnswerFacts& facts) : model_id_(facts.model_id), answer_id_(facts.answer_id), facts_(facts) {
    facts_.model_id = model_id_;
    facts_.answer_id = answer_id_;
  }

  void take(AnswerEvent event, std::vector<std::string>& chunks) override {
    if (!std::exchange(started_, true)) start_message(chunks);
    if (auto* start = std::get_if<BlockStart>(&event)) {
      begin(start->index, chunks,
            [&](json::Writer& out) { write_tool_use(out, start->tool_use.id, start->tool_use.name, json::Value::object()); });
    } else if (auto* delta = std::get_if<BlockDelta>(&event)) {
      take_delta(*delta, chunks);
    } else if (auto* stop = std::get_if<BlockStop>(&event)) {
      end_block(stop->index, chunks);
    } else if (auto* end = std::get_if<AnswerEnd>(&event)) {
      end_ = std::move(*end);
    } else {
      end_message(std::get<AnswerUsage>(event).usage, chunks);
    }
  }

 private:
  // A chunk of that type, whose further members `write` writes.
  template <class F>
  static void chunk(std::vector<std::string>& chunks, std::string_view type, F write) {
    json::Writer out(chunks.emplace_back());
    out.begin_object();
    out.name("type"), out.string(type);
    write(out);
    out.end_object();
  }

  void start_message(std::vector<std::string>& chunks) const {
    chunk(chunks, "message_start", [this](json::Writer& out) {
      out.name("message"), out.begin_object();
      write_message_head(out, facts_);
      out.name("content"), out.raw("[]");
      out.name("stop_reason"), out.null();
      out.name("stop_sequence"), out.null();
      write_usage(
          out,
          {.input = facts_.input_tokens, .output = 1, .cache_read = facts_.cache_read_tokens, .cache_write = facts_.cache_write_tokens});
      out.end_object();
    });
  }

  template <class F>
  void begin(int index, std::vector<std::string>& chunks, F write_block) {
    open_ = index;
    chunk(chunks, "content_block_start", [&](json::Writer& out) {
      out.name("index"), out.number(index);
      out.name("content_block"), out.begin_object();
      write_block(out);
      out.end_object();
    });
  }

  template <class F>
  static void add(int index, std::vector<std::string>& chunks, std::string_view type, F write_delta) {
    chunk(chunks, "content_block_delta", [&](json::Writer& out) {
      out.name("index"), out.number(index);
      out.name("delta"), out.begin_object();
      out.name("type"), out.string(type);
      write_delta(out);
      out.end_object();
    });
  }

  void take_delta(const BlockDelta& delta, std::vector<std::string>& chunks) {
    if (auto* reasoning = std::get_if<ReasoningDelta>(&delta.delta)) return take_reasoning(delta.index, *reasoning, chunks);
    if (delta.index != open_) begin(delta.index, chunks, [](json::Writer& out) { write_text(out, ""); });
    if (auto* text = std::get_if<TextDelta>(&delta.delta)) {
      add(delta.index, chunks, "text_delta", [&](json::Writer& out) { out.name("text"), out.string(text->text); });
    } else if (auto* input = std::get_if<ToolInputDelta>(&delta.delta)) {
      add(delta.index, chunks, "input_json_delta", [&](json::Writer& out) { out.name("partial_json"), out.string(input->json); });
    } else if (auto* cited = std::get_if<CitationDelta>(&delta.delta)) {
      add(delta.index, chunks, "citations_delta", [&](json::Writer& out) { out.name("citation"), write_citation(out, cited->citation); });
    }
  }

  // What is redacted has no deltas: its block starts whole, when all of it is there.
  void take_reasoning(int index, const ReasoningDelta& delta, std::vector<std::string>& chunks) {
    redacted_ += delta.redacted;
    if (!delta.redacted.empty()) return;
    if (index != open_) begin(index, chunks, [](json::Writer& out) { write_thinking(out, "", ""); });
    if (!delta.text.empty()) {
      add(index, chunks, "thinking_delta", [&](json::Writer& out) { out.name("thinking"), out.string(delta.text); });
    }
    if (!delta.signature.empty()) {
      add(index, chunks, "signature_delta", [&](json::Writer& out) { out.name("signature"), out.string(delta.signature); });
    }
  }

  void end_block(int index, std::vector<std::string>& chunks) {
    const std::string redacted = std::exchange(redacted_, {});
    if (!redacted.empty()) {
      begin(index, chunks, [&](json::Writer& out) { write_redacted(out, redacted); });
    } else if (index != open_) {
      begin(index, chunks, [](json::Writer& out) { write_text(out, ""); });
    }
    open_ = -1;
    chunk(chunks, "content_block_stop", [index](json::Writer& out) { out.name("index"), out.number(index); });
  }

  void end_message(const Usage& usage, std::vector<std::string>& chunks) const {
    chunk(chunks, "message_delta", [&](json::Writer& out) {
      out.name("delta"), out.begin_object();
      write_stop(out, end_);
      out.end_object();
      write_usage(out, usage);
    });
    chunk(chunks, "message_stop", [](json::Writer&) {});
  }

  const std::string model_id_, answer_id_;
  AnswerFacts facts_;
  bool started_ = false;
  int open_ = -1;  // index of the block that has started
  std::string redacted_;
  AnswerEnd end_;
};

}  // namespace

std::string_view own_name(std::string_view model_id) {
  if (size_t dot = model_id.find("anthropic."); dot != std::string_view::npos) model_id.remove_prefix(dot + 10);
  const size_t version = model_id.rfind("-v");
  if (version == std::string_view::npos || version + 2 == model_id.size()) return model_id;
  return model_id.find_first_not_of("0123456789:", version + 2) == std::string_view::npos ? model_id.substr(0, version) : model_id;
}

std::string write_answer(const CollectedAnswer& answer, const AnswerFacts& facts) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  write_message_head(out, facts);
  out.name("content"), out.begin_array();
  for (const ContentBlock& block : answer.content) write_block(out, block);
  out.end_array();
  write_stop(out, answer.end);
  write_usage(out, answer.usage);
  out.end_object();
  return body;
}

std::unique_ptr<DialectStream> stream_answer(const AnswerFacts& facts) { return std::make_unique<Stream>(facts); }

}  // namespace outcrop::inference::anthropic
