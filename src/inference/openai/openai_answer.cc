#include "inference/openai/openai_answer.h"

#include "base/log.h"
#include "inference/endpoints/server_fault.h"
#include "inference/openai/limits.h"

namespace outcrop::inference {

namespace {

// What Bedrock's tool use ids look like.
std::string make_tool_use_id(Random& random) { return "tooluse_" + random.alphanumeric(22); }

bool is_event_stream(const net::ResponseHead& head) { return head.headers.get("content-type").starts_with("text/event-stream"); }

std::string_view piece_of(const BlockDelta& event) {
  if (auto* text = std::get_if<TextDelta>(&event.delta)) return text->text;
  if (auto* input = std::get_if<ToolInputDelta>(&event.delta)) return input->json;
  if (auto* thought = std::get_if<ReasoningDelta>(&event.delta)) return thought->text;
  return {};
}

}  // namespace

OpenAiAnswer::OpenAiAnswer(std::stop_token caller, int64_t input_tokens, const Clock& clock, Random& random, ResponseFields fields)
    : caller_gone_(std::move(caller), Forward{stop_}),
      input_tokens_(input_tokens),
      clock_(clock),
      stream_(limits::model_event_bytes_max),
      chat_([&random] { return make_tool_use_id(random); }),
      fields_(std::move(fields)) {}

Task<Result<void>> OpenAiAnswer::begin(std::unique_ptr<net::ClientExchange> exchange) {
  exchange_ = std::move(exchange);
  Result<void> received = co_await keep(is_event_stream(exchange_->head()) ? receive() : receive_whole());
  if (!received) co_return fail(told(std::move(received.error())));
  begun_ = true;
  co_return {};
}

Task<Result<std::optional<AnswerEvent>>> OpenAiAnswer::next() {
  if (at_ == events_.size() && !is_whole_) {
    events_.clear();
    at_ = 0;
    if (Result<void> received = co_await keep(receive()); !received) co_return fail(told(std::move(received.error())));
  }
  if (at_ < events_.size()) co_return std::move(events_[at_++]);
  co_await end_exchange();
  co_return std::nullopt;
}

Task<void> OpenAiAnswer::close() {
  exchange_.reset();  // closes the connection: the server stops
  lease_.reset();
  co_return;
}

// Until there is an event at least.
Task<Result<void>> OpenAiAnswer::receive() {
  while (events_.empty()) {
    if (co_await take_event()) continue;
    auto part = co_await keep(exchange_->read_some());
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
  Result<std::string> body = co_await keep(exchange_->read_whole(limits::model_answer_bytes_max));
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

// The response's end makes the connection one that serves again; a server that does not come to it loses the connection.
Task<void> OpenAiAnswer::end_exchange() {
  if (!exchange_) co_return;
  Timer bound =
      Executor::current()->start_timer(clock_.steady() + limits::model_stream_end_timeout, [stop = stop_] mutable { stop.request_stop(); });
  (void)co_await keep(exchange_->read_some());
  exchange_.reset();
  lease_.reset();
}

// What the parts say of an answer without knowing whose it is. The connection goes with the first fault.
Fault OpenAiAnswer::told(Fault fault) {
  if (!server_fault_in(fault)) fault = fault_of_answer(std::move(fault.message));
  if (begun_) {
    fault = once_begun(std::move(fault));
    if (server_fault_in(fault)->next == ServerFault::Next::blame && lease_) {
      const Milliseconds pause = lease_->failed(clock_.steady());
      log::warning("a model server failed within an answer",
                   {{"server", lease_->url().authority()}, {"reason", fault.message}, {"passed_over_ms", pause.count()}});
    }
    lease_.reset();
  }
  exchange_.reset();
  return fault;
}

}  // namespace outcrop::inference
