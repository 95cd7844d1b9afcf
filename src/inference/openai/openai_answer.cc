#include "inference/openai/openai_answer.h"

#include "inference/endpoints/server_fault.h"
#include "inference/openai/limits.h"

namespace outcrop::inference {

namespace {

// What Bedrock's tool use ids look like.
std::string make_tool_use_id(Random& random) { return "tooluse_" + random.alphanumeric(22); }

std::string_view piece_of(const BlockDelta& event) {
  if (auto* text = std::get_if<TextDelta>(&event.delta)) return text->text;
  if (auto* input = std::get_if<ToolInputDelta>(&event.delta)) return input->json;
  if (auto* thought = std::get_if<ReasoningDelta>(&event.delta)) return thought->text;
  return {};
}

}  // namespace

OpenAiAnswer::OpenAiAnswer(std::stop_token caller, int64_t input_tokens, const Clock& clock, Random& random, ResponseFields fields)
    : ServerAnswer(std::move(caller), clock),
      input_tokens_(input_tokens),
      stream_(limits::model_event_bytes_max),
      chat_([&random] { return make_tool_use_id(random); }),
      fields_(std::move(fields)) {}

bool OpenAiAnswer::is_stream(const net::ResponseHead& head) const {
  return head.headers.get("content-type").starts_with("text/event-stream");
}

Task<Result<void>> OpenAiAnswer::receive() {
  while (events_.empty()) {
    if (co_await take_event()) continue;
    auto part = co_await keep(exchange().read_some());
    if (!part) co_return fail(fault_of_connection(part.error()));
    if (*part) {
      part_ = std::move(**part);
      rest_ = part_;
    } else if (chat_.has_ended()) {
      co_await end();
    } else {
      co_return fail(fault_of_answer("The model server's stream ended before the answer."));
    }
  }
  co_return {};
}

Task<Result<void>> OpenAiAnswer::receive_whole() {
  Result<std::string> body = co_await keep(exchange().read_whole(limits::model_answer_bytes_max));
  if (!body) co_return fail(fault_of_connection(body.error()));
  co_await take(*body);
  if (!chat_.has_ended()) co_return fail(fault_of_answer("The model server's answer is not a chat completion."));
  co_return end();
}

// Whether there was a whole event in what came.
Result<bool> OpenAiAnswer::take_event() {
  Result<bool> fed = stream_.feed(rest_);
  if (!fed || !*fed) return fed;
  Result<void> taken = stream_.data() == "[DONE]" ? end() : take(stream_.data());
  if (!taken) return fail(std::move(taken.error()));
  return true;
}

Result<void> OpenAiAnswer::take(std::string_view text) {
  Result<ChatMessage> message = read_chat_message(text);
  if (!message) return fail(std::move(message.error()));
  if (fields_.wanted()) fields_.take(text);
  if (auto taken = chat_.take(std::move(*message), events_); !taken) return taken;
  for (const AnswerEvent& event : events_) {
    if (auto* delta = std::get_if<BlockDelta>(&event)) said_.add(piece_of(*delta));
  }
  return {};
}

// A stream that says it is done without having said why is none.
Result<void> OpenAiAnswer::end() {
  if (!chat_.has_ended()) return fail(fault_of_answer("The model server's stream ended before the answer."));
  chat_.finish(events_);
  std::get<AnswerEnd>(events_.back()).additional_fields = fields_.finish();
  events_.push_back(AnswerUsage{usage()});
  is_whole_ = true;
  return {};
}

Usage OpenAiAnswer::usage() {
  if (auto counted = chat_.usage()) return *counted;
  return {.input = input_tokens_, .output = said_.total()};
}

}  // namespace outcrop::inference
