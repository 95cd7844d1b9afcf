// OpenAI's chat completions (Bedrock user guide, "OpenAI models"; OpenAI's reference, "Create chat completion"). Thoughts come
// in <reasoning> tags before the text.
#include "inference/dialects/openai_chat.h"

#include <fmt/format.h>

#include <algorithm>

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

// What is not the conversation's goes to `kept`. False when there is nothing to read.
bool read_fields(const Field& body, Conversation& out, json::Object& kept) {
  if (!read_members(body, rules, out.parameters, kept)) return false;
  body["model"].text();
  body["stream"].boolean();
  body["n"].integer({1, 1});
  chat::read_messages(body["messages"], out);
  for (Message& message : out.messages) untag(message);
  chat::read_tools(body["tools"], out);
  chat::read_tool_choice(body["tool_choice"], "required", out);
  chat::read_response_format(body["response_format"], out, kept);
  return true;
}

void read_request(const Field& body, Conversation& out) {
  json::Object kept;
  if (read_fields(body, out, kept)) keep(out, std::move(kept));
}

void read_stream_options(const Field& options, ChatCompletionRequest& out) {
  if (!options || !options.object({}, {"include_obfuscation", "include_usage"})) return;
  if (!out.streamed) options.wrong("is only allowed when stream is true");
  out.include_usage = options["include_usage"].boolean().value_or(false);
  if (options["include_obfuscation"].boolean().value_or(false)) options["include_obfuscation"].wrong("is not supported");
}

// What cannot be answered, said before it is asked.
void refuse_unanswerable(const Field& body) {
  for (std::string_view member : {"logprobs", "store"}) {
    if (body[member].boolean().value_or(false)) body[member].wrong("is not supported");
  }
  if (body["top_logprobs"]) body["top_logprobs"].wrong("is not supported");
  if (body["max_tokens"] && body["max_completion_tokens"]) body["max_tokens"].wrong("cannot be given together with max_completion_tokens");
}

bool is_named(const std::vector<Tool>& tools, std::string_view name) {
  return std::ranges::any_of(tools, [name](const Tool& tool) { return std::get<ToolSpecification>(tool).name == name; });
}

void check_tools(const Field& body, const Conversation& conversation) {
  if (conversation.tools.empty()) {
    for (std::string_view member : {"tool_choice", "parallel_tool_calls"}) {
      if (body[member]) body[member].wrong("is only allowed when tools are given");
    }
  } else if (conversation.tool_choice && conversation.tool_choice->kind == ToolChoice::Kind::tool &&
             !is_named(conversation.tools, conversation.tool_choice->name)) {
    body["tool_choice"].wrong(fmt::format("there is no tool {}", conversation.tool_choice->name));
  }
}

template <class Block>
std::vector<std::string_view> ids_in(const std::vector<Message>& messages, size_t message) {
  std::vector<std::string_view> ids;
  if (message >= messages.size()) return ids;
  for (const ContentBlock& block : messages[message].content) {
    if (auto* wanted = std::get_if<Block>(&block)) ids.push_back(wanted->id);
  }
  return ids;
}

// Every call of a tool is answered by the tool messages behind it, and those answer nothing else.
void check_tool_messages(const Field& messages, const Conversation& conversation) {
  for (size_t i = 0; i <= conversation.messages.size(); ++i) {
    const auto calls = i == 0 ? std::vector<std::string_view>() : ids_in<ToolUseBlock>(conversation.messages, i - 1);
    const auto results = ids_in<ToolResultBlock>(conversation.messages, i);
    for (std::string_view call : calls) {
      if (!std::ranges::count(results, call)) messages.wrong(fmt::format("no tool message answers the tool call {}", call));
    }
    for (std::string_view result : results) {
      if (!std::ranges::count(calls, result))
        messages.wrong(fmt::format("there is no tool call {} before the message that answers it", result));
    }
  }
}

void read_call(const Field& body, ChatCompletionRequest& out) {
  json::Object kept;
  if (!read_fields(body, out.conversation, kept)) return;
  if (!body["model"]) body.wrong("missing field `model`");
  out.model = body["model"].string();
  out.streamed = body["stream"].boolean().value_or(false);
  read_stream_options(body["stream_options"], out);
  refuse_unanswerable(body);
  check_tools(body, out.conversation);
  check_tool_messages(body["messages"], out.conversation);
  if (kept.erase("service_tier")) out.service_tier = body["service_tier"].string();
  if (out.service_tier == "auto") out.service_tier.clear();
  keep(out.conversation, std::move(kept));
}

class OpenAiStream final : public chat::DeltaStream {
 public:
  explicit OpenAiStream(const AnswerFacts& facts)
      : DeltaStream({.thoughts = chat::DeltaStyle::Thoughts::tagged}),
        facts_(facts),
        model_id_(facts.model_id),
        answer_id_(facts.answer_id) {
    facts_.model_id = model_id_;
    facts_.answer_id = answer_id_;
  }

 private:
  void write_head(json::Writer& out) const override { chat::write_completion_head(out, "chat.completion.chunk", facts_); }

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
    chat::write_completion_head(out, "chat.completion", facts);
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

Result<ChatCompletionRequest> read_chat_completion(std::string_view body) {
  return read_body<ChatCompletionRequest>(body, Wording::serde, openai_chat::read_call);
}

}  // namespace outcrop::inference
