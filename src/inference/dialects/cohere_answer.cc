// An answer of Command R, whole and streamed.
#include <fmt/format.h>

#include <algorithm>

#include "inference/dialects/cohere.h"
#include "inference/dialects/turns.h"
#include "json/writer.h"

namespace outcrop::inference::cohere {

namespace {

std::string_view finish_reason(StopReason reason) {
  switch (reason) {
    case StopReason::max_tokens:
      return "MAX_TOKENS";
    case StopReason::content_filtered:
    case StopReason::guardrail_intervened:
      return "ERROR_TOXIC";
    case StopReason::model_context_window_exceeded:
      return "ERROR_LIMIT";
    case StopReason::malformed_model_output:
      return "ERROR";
    default:
      return "COMPLETE";
  }
}

// Which characters of the answer's text rest on which documents.
struct Cited {
  size_t start = 0, end = 0;
  std::string text;
  std::vector<std::string> documents;
};

size_t characters(std::string_view utf8) {
  return size_t(std::ranges::count_if(utf8, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

std::string document_of(const Citation& citation) {
  return citation.source.empty() && citation.location ? fmt::format("doc_{}", citation.location->index) : citation.source;
}

std::vector<Cited> cited_parts(const CollectedAnswer& answer) {
  std::vector<Cited> parts;
  size_t at = 0;
  for (const ContentBlock& block : answer.content) {
    if (auto* text = std::get_if<TextBlock>(&block)) at += characters(text->text);
    auto* cited = std::get_if<CitationsBlock>(&block);
    if (!cited) continue;
    Cited& part = parts.emplace_back();
    for (const std::string& text : cited->texts) part.text += text;
    for (const Citation& citation : cited->citations) part.documents.push_back(document_of(citation));
    part.start = at;
    part.end = at += characters(part.text);
  }
  return parts;
}

void write_citations(json::Writer& out, const std::vector<Cited>& parts) {
  out.name("citations"), out.begin_array();
  for (const Cited& part : parts) {
    out.begin_object();
    out.name("start"), out.number(part.start);
    out.name("end"), out.number(part.end);
    out.name("text"), out.string(part.text);
    out.name("document_ids"), out.begin_array();
    for (const std::string& document : part.documents) out.string(document);
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

// Nothing when no tool is used.
void write_tool_calls(json::Writer& out, const CollectedAnswer& answer) {
  bool begun = false;
  for (const ContentBlock& block : answer.content) {
    auto* use = std::get_if<ToolUseBlock>(&block);
    if (!use) continue;
    if (!std::exchange(begun, true)) out.name("tool_calls"), out.begin_array();
    out.begin_object();
    out.name("name"), out.string(use->name);
    out.name("parameters"), out.value(use->input);
    out.end_object();
  }
  if (begun) out.end_array();
}

bool uses_tools(const CollectedAnswer& answer) {
  return std::ranges::any_of(answer.content, [](const ContentBlock& block) { return std::holds_alternative<ToolUseBlock>(block); });
}

void write_response(json::Writer& out, const CollectedAnswer& answer, std::string_view answer_id) {
  out.begin_object();
  out.name("response_id"), out.string(answer_id);
  out.name("text"), out.string(answer_text(answer));
  out.name("generation_id"), out.string(fmt::format("{}-1", answer_id));
  if (const std::vector<Cited> parts = cited_parts(answer); !parts.empty()) write_citations(out, parts);
  out.name("finish_reason"), out.string(finish_reason(answer.end.reason));
  write_tool_calls(out, answer);
  out.name("meta"), out.begin_object();
  out.name("api_version"), out.raw(R"({"version":"1"})");
  out.name("billed_units"), out.begin_object();
  out.name("input_tokens"), out.number(prompt_tokens(answer.usage));
  out.name("output_tokens"), out.number(answer.usage.output);
  out.end_object(), out.end_object();
  out.end_object();
}

// Text comes in pieces; calls and citations when the answer is whole, and so does the response at the end.
class Stream final : public DialectStream {
 public:
  explicit Stream(const AnswerFacts& facts) : answer_id_(facts.answer_id) {}

  void take(AnswerEvent event, std::vector<std::string>& chunks) override {
    if (const std::string_view text = text_of(event); !text.empty()) {
      chunk(chunks, "text-generation", false, [text](json::Writer& out) { out.name("text"), out.string(text); });
    }
    const bool last = std::holds_alternative<AnswerUsage>(event);
    collector_.take(std::move(event));
    if (last) finish(chunks);
  }

 private:
  template <class F>
  static void chunk(std::vector<std::string>& chunks, std::string_view type, bool finished, F write) {
    json::Writer out(chunks.emplace_back());
    out.begin_object();
    out.name("is_finished"), out.boolean(finished);
    out.name("event_type"), out.string(type);
    write(out);
    out.end_object();
  }

  void finish(std::vector<std::string>& chunks) {
    const CollectedAnswer answer = collector_.finish();
    if (const std::vector<Cited> parts = cited_parts(answer); !parts.empty()) {
      chunk(chunks, "citation-generation", false, [&](json::Writer& out) { write_citations(out, parts); });
    }
    if (uses_tools(answer)) {
      chunk(chunks, "tool-calls-generation", false, [&](json::Writer& out) { write_tool_calls(out, answer); });
    }
    chunk(chunks, "stream-end", true, [&](json::Writer& out) {
      out.name("finish_reason"), out.string(finish_reason(answer.end.reason));
      out.name("response"), write_response(out, answer, answer_id_);
    });
  }

  const std::string answer_id_;
  Collector collector_;
};

}  // namespace

std::string write_answer(const CollectedAnswer& answer, const AnswerFacts& facts) {
  std::string body;
  json::Writer out(body);
  write_response(out, answer, facts.answer_id);
  return body;
}

std::unique_ptr<DialectStream> stream_answer(const AnswerFacts& facts) { return std::make_unique<Stream>(facts); }

}  // namespace outcrop::inference::cohere
