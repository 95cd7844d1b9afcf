// OpenAI's chat completions (Bedrock user guide, "OpenAI models"; OpenAI's reference, "Create chat completion"). Thoughts come
// in <reasoning> tags before the text.
#include <fmt/format.h>

#include "inference/dialects/chat_completion.h"
#include "inference/dialects/families.h"
#include "inference/dialects/member_rules.h"
#include "inference/dialects/turns.h"

namespace outcrop::inference::openai_chat {

namespace {

// The model and whether to stream are the call's to say; a body may repeat them.
constexpr MemberRule rules[] = {
    {.name = "messages", .required = true},
    {.name = "frequency_penalty", .meaning = Meaning::kept_number, .range = {-2, 2}},
    {.name = "logit_bias", .meaning = Meaning::kept},
    {.name = "logprobs", .meaning = Meaning::kept_boolean},
    {.name = "max_completion_tokens", .meaning = Meaning::max_tokens, .range = {.min = 1}},
    {.name = "max_tokens", .meaning = Meaning::max_tokens, .range = {.min = 1}},
    {.name = "metadata", .meaning = Meaning::kept},
    {.name = "model"},
    {.name = "n"},
    {.name = "parallel_tool_calls", .meaning = Meaning::kept_boolean},
    {.name = "presence_penalty", .meaning = Meaning::kept_number, .range = {-2, 2}},
    {.name = "prompt_cache_key", .meaning = Meaning::kept_text},
    {.name = "reasoning_effort", .meaning = Meaning::kept_text},
    {.name = "response_format"},
    {.name = "safety_identifier", .meaning = Meaning::kept_text},
    {.name = "seed", .meaning = Meaning::kept_integer},
    {.name = "service_tier", .meaning = Meaning::kept_text},
    {.name = "stop", .meaning = Meaning::stop_or_stops, .range = {0, 4}},
    {.name = "store", .meaning = Meaning::kept_boolean},
    {.name = "stream"},
    {.name = "stream_options"},
    {.name = "temperature", .meaning = Meaning::temperature, .range = {0, 2}},
    {.name = "tool_choice"},
    {.name = "tools"},
    {.name = "top_logprobs", .meaning = Meaning::kept_integer, .range = {0, 20}},
    {.name = "top_p", .meaning = Meaning::top_p, .range = {0, 1}},
    {.name = "user", .meaning = Meaning::kept_text},
    {.name = "verbosity", .meaning = Meaning::kept_text},
};

constexpr std::string_view open_tag = "<reasoning>", close_tag = "</reasoning>";

// Thoughts that an earlier answer had in tags are thoughts again.
void untag(Message& message) {
  auto* block = message.content.empty() ? nullptr : std::get_if<TextBlock>(&message.content.front());
  if (message.role != Role::assistant || !block || !block->text.starts_with(open_tag)) return;
  const size_t end = block->text.find(close_tag);
  if (end == std::string::npos) return;
  ReasoningBlock reasoning{.text = block->text.substr(open_tag.size(), end - open_tag.size())};
  block->text.erase(0, end + close_tag.size());
  if (block->text.empty()) message.content.erase(message.content.begin());
  message.content.insert(message.content.begin(), std::move(reasoning));
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (!read_members(body, rules, out.parameters, kept)) return;
  body["model"].text();
  body["stream"].boolean();
  body["n"].integer({1, 1});
  chat::read_messages(body["messages"], out);
  for (Message& message : out.messages) untag(message);
  chat::read_tools(body["tools"], out);
  chat::read_tool_choice(body["tool_choice"], "required", out);
  chat::read_response_format(body["response_format"], out, kept);
  keep(out, std::move(kept));
}

void write_completion_head(json::Writer& out, std::string_view object, const AnswerFacts& facts) {
  out.name("id"), out.string(fmt::format("chatcmpl-{}", facts.answer_id));
  out.name("object"), out.string(object);
  out.name("created"), out.number(facts.created_s);
  out.name("model"), out.string(facts.model_id);
}

class OpenAiStream final : public chat::DeltaStream {
 public:
  explicit OpenAiStream(const AnswerFacts& facts)
      : DeltaStream(true), facts_(facts), model_id_(facts.model_id), answer_id_(facts.answer_id) {
    facts_.model_id = model_id_;
    facts_.answer_id = answer_id_;
  }

 private:
  void write_head(json::Writer& out) const override { write_completion_head(out, "chat.completion.chunk", facts_); }

  AnswerFacts facts_;
  const std::string model_id_, answer_id_;
};

class OpenAiChat final : public Dialect {
 public:
  Result<Conversation> read(std::string_view body) const override { return read_body(body, Wording::serde, read_request); }
  Fault too_many_tokens(int asked, int allowed, std::string_view) const override {
    return {"ValidationException", 400,
            fmt::format("max_tokens is too large: {0}. This model supports at most {1} completion tokens, whereas you provided {0}.", asked,
                        allowed)};
  }
  std::string write(CollectedAnswer answer, const AnswerFacts& facts) const override {
    std::string text = answer_reasoning(answer);
    if (!text.empty()) text = fmt::format("{}{}{}", open_tag, text, close_tag);
    text += answer_text(answer);
    std::string body;
    json::Writer out(body);
    out.begin_object();
    write_completion_head(out, "chat.completion", facts);
    chat::write_choices(out, text, answer);
    out.end_object();
    return body;
  }
  std::unique_ptr<DialectStream> stream(const AnswerFacts& facts) const override { return std::make_unique<OpenAiStream>(facts); }
};

}  // namespace
}  // namespace outcrop::inference::openai_chat

namespace outcrop::inference {

const Dialect& openai_chat_dialect() {
  static const openai_chat::OpenAiChat dialect;
  return dialect;
}

}  // namespace outcrop::inference
