// Native bodies of models: every dialect reads anything or says what is wrong with it, and whatever a model answers becomes
// JSON, whole and streamed, whose last chunk is an object.
#include "inference/dialects/dialect.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "inference/dialects/embedding_dialect.h"
#include "inference/dialects/openai_chat.h"

namespace {

using namespace outcrop;
using namespace outcrop::inference;

constexpr std::string_view dialects[] = {"anthropic-messages", "nova",     "llama", "mistral-text", "mistral-chat",
                                         "titan-text",         "deepseek", "jamba", "openai-chat",  "cohere-command-r"};
constexpr std::string_view embedding_models[] = {"amazon.titan-embed-text-v1", "amazon.titan-embed-text-v2:0", "cohere.embed-english-v3",
                                                 "cohere.embed-v4:0"};

void check_refusal(const Fault& fault) {
  check(fault.code == "ValidationException" && fault.status == 400 && !fault.message.empty(), "a refusal of another kind");
}

void check_object(std::string_view text) {
  auto value = json::parse(text);
  check(value && value->is_object(), "what was written is no object");
}

// Text, a thought and a tool's input, all of them the input's bytes.
std::vector<AnswerEvent> answer_of(std::string_view bytes) {
  const std::string text(bytes);
  return {BlockDelta{0, ReasoningDelta{.text = text}},
          BlockStop{0},
          BlockDelta{1, TextDelta{text}},
          BlockDelta{1, CitationDelta{{.title = text, .quotes = {text}}}},
          BlockStop{1},
          BlockStart{2, {"id", text}},
          BlockDelta{2, ToolInputDelta{text}},
          BlockStop{2},
          AnswerEnd{.reason = StopReason::tool_use, .stop_sequence = text},
          AnswerUsage{{1, 2}}};
}

void check_answers(const Dialect& dialect, std::string_view bytes) {
  const AnswerFacts facts = {.model_id = "anthropic.claude", .answer_id = "a1"};
  std::unique_ptr<DialectStream> stream = dialect.stream(facts);
  Collector collector;
  for (AnswerEvent& event : answer_of(bytes)) {
    std::vector<std::string> chunks;
    const bool last = std::holds_alternative<AnswerUsage>(event);
    collector.take(event);
    stream->take(std::move(event), chunks);
    for (const std::string& chunk : chunks) check_object(chunk);
    check(!last || !chunks.empty(), "the last event made no chunk");
  }
  check_object(dialect.write(collector.finish(), facts));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (std::string_view name : dialects) {
    const Dialect* dialect = find_dialect(name);
    check(dialect != nullptr, "a dialect is not built");
    if (auto read = dialect->read(bytes); !read) check_refusal(read.error());
  }
  if (auto call = read_chat_completion(bytes); !call) check_refusal(call.error());
  check_answers(*find_dialect(dialects[size % std::size(dialects)]), bytes);
  for (std::string_view model : embedding_models) {
    const EmbeddingDialect* dialect = find_embedding_dialect(model.starts_with("amazon") ? "titan-embed-text" : "cohere-embed");
    auto read = dialect->read(bytes, model);
    if (!read) check_refusal(read.error());
    if (read) check_object(dialect->write(*read, {{{0.5F, -0.5F}}, 1}, model, "a1"));
  }
  return 0;
}
