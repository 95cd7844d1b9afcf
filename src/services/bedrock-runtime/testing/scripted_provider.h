// A model that does as a test says, and the metrics that were told of it.
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "services/bedrock-runtime/bedrock_runtime.h"

namespace outcrop::bedrock_runtime::testing {

inline constexpr int64_t counted_input_tokens = 40;

// What the model of a test will say, and what became of it.
struct Script {
  std::deque<Result<inference::AnswerEvent>> events;
  std::optional<Fault> refusal;          // instead of an answer
  int asked = 0;                         // events that were asked for
  inference::Conversation conversation;  // as it was asked
  bool streamed = false;                 // as the request said
  bool closed = false;
};

class ScriptedAnswer final : public inference::Answer {
 public:
  explicit ScriptedAnswer(Script& script) : script_(script) {}

  Task<Result<std::optional<inference::AnswerEvent>>> next() override {
    if (script_.events.empty()) co_return std::nullopt;
    ++script_.asked;
    Result<inference::AnswerEvent> event = std::move(script_.events.front());
    script_.events.pop_front();
    if (!event) co_return fail(std::move(event.error()));
    co_return std::move(*event);
  }
  Task<void> close() override {
    script_.closed = true;
    co_return;
  }

 private:
  Script& script_;
};

class ScriptedProvider final : public inference::Provider {
 public:
  Script script;

  Task<Result<std::unique_ptr<inference::Answer>>> answer(inference::ModelRequest request) override {
    script.streamed = request.streamed;
    script.conversation = std::move(request.conversation);
    if (script.refusal) co_return fail(*script.refusal);
    co_return std::make_unique<ScriptedAnswer>(script);
  }
  Task<Result<inference::Embeddings>> embed(inference::EmbeddingRequest) override { co_return inference::Embeddings(); }
  Task<Result<int64_t>> count_tokens(const inference::ModelRequest&) override { co_return counted_input_tokens; }
};

class NotedMetrics final : public ServiceMetrics {
 public:
  std::vector<std::string> names;

  void record(std::string_view, std::string_view, std::string_view, std::string_view metric, std::span<const Dimension>, double,
              std::string_view) override {
    names.emplace_back(metric);
  }
};

inline inference::AnswerEvent piece(std::string text) { return inference::BlockDelta{0, inference::TextDelta{std::move(text)}}; }

}  // namespace outcrop::bedrock_runtime::testing
