#include "services/bedrock-runtime/openai/completion.h"

#include <fmt/format.h>

#include "inference/dialects/chat_completion.h"
#include "inference/dialects/families.h"
#include "inference/dialects/turns.h"
#include "json/writer.h"
#include "services/bedrock-runtime/openai/openai_error.h"
#include "services/bedrock-runtime/openai/openai_models.h"

namespace outcrop::bedrock_runtime {

namespace {

namespace chat = inference::chat;

// Of an answer's id: OpenAI's are about so long.
constexpr size_t completion_id_letters = 24;

void write_served_tier(json::Writer& out, const Completion& completion) {
  if (completion.says_tier) out.name("service_tier"), out.string(word_of(completion.begun.answer->tier));
}

class CompletionStream final : public chat::DeltaStream {
 public:
  explicit CompletionStream(const Completion& completion)
      : DeltaStream({.thoughts = chat::DeltaStyle::Thoughts::apart,
                     .usage = completion.include_usage ? chat::DeltaStyle::UsageChunk::own : chat::DeltaStyle::UsageChunk::none}),
        completion_(completion) {}

 private:
  void write_head(json::Writer& out) const override {
    chat::write_completion_head(out, "chat.completion.chunk", completion_.facts());
    write_served_tier(out, completion_);
  }

  const Completion& completion_;
};

void write_message(json::Writer& out, const inference::CollectedAnswer& answer) {
  const std::string text = inference::answer_text(answer), thoughts = inference::answer_reasoning(answer);
  const bool only_calls = text.empty() && answer.end.reason == inference::StopReason::tool_use;
  out.name("message"), out.begin_object();
  out.name("role"), out.string("assistant");
  out.name("content");
  only_calls ? out.null() : out.string(text);
  out.name("refusal"), out.null();
  if (!thoughts.empty()) out.name("reasoning"), out.string(thoughts);
  chat::write_tool_calls(out, answer);
  out.end_object();
}

std::string write_answer(const Completion& completion, const inference::CollectedAnswer& answer) {
  std::string body;
  json::Writer out(body);
  out.begin_object();
  chat::write_completion_head(out, "chat.completion", completion.facts());
  out.name("choices"), out.begin_array();
  out.begin_object();
  out.name("index"), out.number(0);
  write_message(out, answer);
  out.name("logprobs"), out.null();
  out.name("finish_reason"), out.string(chat::finish_reason(answer.end.reason));
  out.end_object();
  out.end_array();
  chat::write_usage_with_cache(out, answer.usage);
  write_served_tier(out, completion);
  out.end_object();
  return body;
}

std::string server_sent_event(std::string_view data) { return fmt::format("data: {}\n\n", data); }

Task<Result<Completion>> begin_on(BedrockRuntime& bedrock, Call& call, const ModelTarget& target, inference::ChatCompletionRequest asked,
                                  std::string_view latency) {
  Terms terms{.latency = latency, .tier = asked.service_tier, .began = call.world.clock.steady()};
  const std::optional<int>& asked_tokens = asked.conversation.parameters.max_tokens;
  const std::optional<int64_t> most = output_tokens_max(*target.model, asked_tokens);
  if (!most) {
    co_return fail(inference::openai_chat_dialect().too_many_tokens(*asked_tokens, int(*target.model->output_tokens_max), target.name));
  }
  terms.output_tokens_max = *most;
  inference::ModelRequest request = request_for(call, target);
  request.conversation = std::move(asked.conversation);
  request.streamed = asked.streamed;
  Begun begun = co_await begin_answer(bedrock, call, target, std::move(request), terms);
  const auto created = std::chrono::floor<std::chrono::seconds>(call.world.clock.wall().time_since_epoch());
  co_return Completion{.begun = std::move(begun),
                       .model = std::move(asked.model),
                       .include_usage = asked.include_usage,
                       .says_tier = !asked.service_tier.empty(),
                       .answer_id = call.world.random.alphanumeric(completion_id_letters),
                       .created_s = created.count()};
}

Task<Result<void>> relay_deltas(BedrockRuntime& bedrock, Call& call, Completion& completion, net::Exchange& exchange,
                                net::ResponseHead head) {
  co_await exchange.start(std::move(head));
  CompletionStream stream(completion);
  while (std::optional<inference::AnswerEvent> event = co_await next_event(call, completion.begun)) {
    if (auto* usage = std::get_if<inference::AnswerUsage>(&*event)) complete(bedrock, call, completion.begun, usage->usage);
    std::vector<std::string> chunks;
    stream.take(std::move(*event), chunks);
    std::string events;
    for (const std::string& chunk : chunks) events += server_sent_event(chunk);
    if (!events.empty()) co_await exchange.write(events);
  }
  co_await exchange.write(server_sent_event("[DONE]"));
  co_return co_await keep(exchange.finish());
}

}  // namespace

inference::AnswerFacts Completion::facts() const {
  return {.model_id = model, .answer_id = answer_id, .input_tokens = begun.input_tokens, .created_s = created_s};
}

Task<Result<Completion>> begin_completion(BedrockRuntime& bedrock, Call& call, Result<inference::ChatCompletionRequest> asked,
                                          std::string_view latency) {
  inference::ChatCompletionRequest request = co_await std::move(asked);
  const ModelTarget target = co_await conversation_target(bedrock, call, request.model);
  co_return co_await keep(counted(bedrock, call, target, begin_on(bedrock, call, target, std::move(request), latency)));
}

Task<Result<std::string>> answer_completion(BedrockRuntime& bedrock, Call& call, Completion completion) {
  Result<inference::CollectedAnswer> collected = co_await keep(collect(completion.begun));
  if (!collected) {
    co_await break_off(bedrock, call, completion.begun, collected.error());
    co_return fail(std::move(collected.error()));
  }
  complete(bedrock, call, completion.begun, collected->usage);
  co_return write_answer(completion, *collected);
}

Task<Result<void>> stream_completion(BedrockRuntime& bedrock, Call& call, Completion& completion, net::Exchange& exchange,
                                     net::ResponseHead head) {
  Result<void> relayed = co_await keep(relay_deltas(bedrock, call, completion, exchange, std::move(head)));
  if (relayed) co_return {};
  co_await break_off(bedrock, call, completion.begun, relayed.error());
  if (relayed.error().code == "ConnectionClosed") co_return relayed;
  Result<void> told = co_await keep(exchange.write(server_sent_event(openai_error(relayed.error()))));
  if (told) told = co_await keep(exchange.finish());
  co_return relayed;
}

}  // namespace outcrop::bedrock_runtime
