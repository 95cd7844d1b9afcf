// An answer of Amazon Nova, whole and streamed.
#include "base/encoding.h"
#include "inference/dialects/nova.h"
#include "json/writer.h"

namespace outcrop::inference::nova {

namespace {

void write_usage(json::Writer& out, const Usage& usage, bool total) {
  out.name("usage"), out.begin_object();
  out.name("inputTokens"), out.number(usage.input);
  out.name("outputTokens"), out.number(usage.output);
  if (total) out.name("totalTokens"), out.number(usage.total());
  out.name("cacheReadInputTokenCount"), out.number(usage.cache_read);
  out.name("cacheWriteInputTokenCount"), out.number(usage.cache_write);
  out.end_object();
}

void write_reasoning(json::Writer& out, const ReasoningBlock& block) {
  out.name("reasoningContent"), out.begin_object();
  if (!block.redacted.empty()) {
    out.name("redactedContent"), out.string(base64(block.redacted));
  } else {
    out.name("reasoningText"), out.begin_object();
    out.name("text"), out.string(block.text);
    if (!block.signature.empty()) out.name("signature"), out.string(block.signature);
    out.end_object();
  }
  out.end_object();
}

void write_block(json::Writer& out, const ContentBlock& block) {
  out.begin_object();
  if (auto* text = std::get_if<TextBlock>(&block)) {
    out.name("text"), out.string(text->text);
  } else if (auto* cited = std::get_if<CitationsBlock>(&block)) {
    std::string text;
    for (const std::string& part : cited->texts) text += part;
    out.name("text"), out.string(text);
  } else if (auto* use = std::get_if<ToolUseBlock>(&block)) {
    out.name("toolUse"), out.begin_object();
    out.name("toolUseId"), out.string(use->id);
    out.name("name"), out.string(use->name);
    out.name("input"), out.value(use->input);
    out.end_object();
  } else if (auto* reasoning = std::get_if<ReasoningBlock>(&block)) {
    write_reasoning(out, *reasoning);
  }
  out.end_object();
}

class Stream final : public DialectStream {
 public:
  void take(AnswerEvent event, std::vector<std::string>& chunks) override {
    if (!std::exchange(started_, true)) chunks.emplace_back(R"({"messageStart":{"role":"assistant"}})");
    if (auto* start = std::get_if<BlockStart>(&event)) {
      block_chunk(chunks, "contentBlockStart", start->index, [&](json::Writer& out) {
        out.name("start"), out.begin_object();
        out.name("toolUse"), out.begin_object();
        out.name("toolUseId"), out.string(start->tool_use.id);
        out.name("name"), out.string(start->tool_use.name);
        out.end_object(), out.end_object();
      });
    } else if (auto* delta = std::get_if<BlockDelta>(&event)) {
      take_delta(*delta, chunks);
    } else if (auto* stop = std::get_if<BlockStop>(&event)) {
      block_chunk(chunks, "contentBlockStop", stop->index, [](json::Writer&) {});
    } else if (auto* end = std::get_if<AnswerEnd>(&event)) {
      chunk(chunks, "messageStop", [&](json::Writer& out) { out.name("stopReason"), out.string(word_of(end->reason)); });
    } else {
      chunk(chunks, "metadata", [&](json::Writer& out) {
        write_usage(out, std::get<AnswerUsage>(event).usage, false);
        out.name("metrics"), out.raw("{}");
        out.name("trace"), out.raw("{}");
      });
    }
  }

 private:
  // A chunk is an object of one member, the event; `write` writes what is in it.
  template <class F>
  static void chunk(std::vector<std::string>& chunks, std::string_view event, F write) {
    json::Writer out(chunks.emplace_back());
    out.begin_object();
    out.name(event), out.begin_object();
    write(out);
    out.end_object(), out.end_object();
  }

  template <class F>
  static void block_chunk(std::vector<std::string>& chunks, std::string_view event, int index, F write) {
    chunk(chunks, event, [&](json::Writer& out) {
      write(out);
      out.name("contentBlockIndex"), out.number(index);
    });
  }

  // Nova's answers have no citations.
  static void take_delta(const BlockDelta& delta, std::vector<std::string>& chunks) {
    if (std::holds_alternative<CitationDelta>(delta.delta)) return;
    block_chunk(chunks, "contentBlockDelta", delta.index, [&](json::Writer& out) {
      out.name("delta"), out.begin_object();
      if (auto* text = std::get_if<TextDelta>(&delta.delta)) out.name("text"), out.string(text->text);
      if (auto* input = std::get_if<ToolInputDelta>(&delta.delta)) {
        out.name("toolUse"), out.begin_object();
        out.name("input"), out.string(input->json);
        out.end_object();
      }
      if (auto* reasoning = std::get_if<ReasoningDelta>(&delta.delta)) write_reasoning_delta(out, *reasoning);
      out.end_object();
    });
  }

  static void write_reasoning_delta(json::Writer& out, const ReasoningDelta& delta) {
    out.name("reasoningContent"), out.begin_object();
    if (!delta.redacted.empty()) {
      out.name("redactedContent"), out.string(base64(delta.redacted));
    } else if (!delta.signature.empty()) {
      out.name("signature"), out.string(delta.signature);
    } else {
      out.name("text"), out.string(delta.text);
    }
    out.end_object();
  }

  bool started_ = false;
};

}  // namespace

std::string write_answer(const CollectedAnswer& answer) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  out.name("output"), out.begin_object();
  out.name("message"), out.begin_object();
  out.name("content"), out.begin_array();
  for (const ContentBlock& block : answer.content) write_block(out, block);
  out.end_array();
  out.name("role"), out.string("assistant");
  out.end_object(), out.end_object();
  out.name("stopReason"), out.string(word_of(answer.end.reason));
  write_usage(out, answer.usage, true);
  out.end_object();
  return body;
}

std::unique_ptr<DialectStream> stream_answer() { return std::make_unique<Stream>(); }

}  // namespace outcrop::inference::nova
