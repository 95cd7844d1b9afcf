#include "inference/bedrock/bedrock_answer.h"

#include <fmt/format.h>

#include "base/log.h"
#include "inference/bedrock/limits.h"
#include "inference/bedrock/upstream_fault.h"

namespace outcrop::inference {

namespace {

bool streams_events(const net::ResponseHead& head) { return head.headers.get("content-type").starts_with(wire::event_stream_type); }

}  // namespace

BedrockAnswer::BedrockAnswer(const ModelRequest& request, const Clock& clock) : caller_gone_(request.stop, Forward{stop_}), clock_(clock) {
  latency = request.latency;
  tier = request.tier;
  const std::vector<std::string>& stops = request.conversation.parameters.stop_sequences;
  if (stops.size() == 1) only_stop_sequence_ = stops.front();
}

Task<Result<void>> BedrockAnswer::begin(std::unique_ptr<net::ClientExchange> exchange) {
  exchange_ = std::move(exchange);
  Result<void> received = co_await keep(streams_events(exchange_->head()) ? receive() : receive_whole());
  if (!received) co_return fail(told(std::move(received.error())));
  begun_ = true;
  co_return {};
}

Task<Result<std::optional<AnswerEvent>>> BedrockAnswer::next() {
  if (at_ == events_.size() && !converse_.is_whole()) {
    events_.clear();
    at_ = 0;
    if (Result<void> received = co_await keep(receive()); !received) co_return fail(told(std::move(received.error())));
  }
  if (at_ < events_.size()) co_return std::move(events_[at_++]);
  co_await end_exchange();
  co_return std::nullopt;
}

Task<void> BedrockAnswer::close() {
  exchange_.reset();  // closes the connection: the upstream stops
  lease_.reset();
  co_return;
}

// Until there is an event at least.
Task<Result<void>> BedrockAnswer::receive() {
  while (events_.empty()) {
    auto message = stream_.next();
    if (!message) co_return fail(fault_of_answer(fmt::format("The upstream's event stream is broken: {}", message.error().message)));
    if (*message) {
      co_await take(**message);
      continue;
    }
    auto part = co_await keep(exchange_->read_some());
    if (!part) co_return fail(fault_of_connection(part.error()));
    if (!*part) co_return fail(fault_of_answer("The upstream's stream ended before the answer."));
    stream_.add(**part);
  }
  take_over();
  co_return {};
}

Task<Result<void>> BedrockAnswer::receive_whole() {
  Result<std::string> body = co_await keep(exchange_->read_whole(limits::upstream_answer_bytes_max));
  if (!body) co_return fail(fault_of_connection(body.error()));
  auto answer = json::parse(*body);
  if (!answer) co_return fail(fault_of_answer("The upstream's answer is no JSON."));
  co_await converse_.take_whole(*answer, events_);
  take_over();
  co_return {};
}

Result<void> BedrockAnswer::take(const wire::Message& message) {
  if (message.text(":message-type") != "event") return fail(fault_of_message(message));
  auto event = json::parse(message.payload);
  if (!event) return fail(fault_of_answer("An event of the upstream's is no JSON."));
  return converse_.take(message.text(":event-type"), *event, events_);
}

// What the upstream says of how it served, and what it leaves unsaid.
void BedrockAnswer::take_over() {
  latency = converse_.latency().value_or(latency);
  tier = converse_.tier().value_or(tier);
  for (AnswerEvent& event : events_) {
    auto* end = std::get_if<AnswerEnd>(&event);
    if (end && end->reason == StopReason::stop_sequence) end->stop_sequence = only_stop_sequence_;
  }
}

// The response's end makes the connection one that serves again; an upstream that does not come to it loses the connection.
Task<void> BedrockAnswer::end_exchange() {
  if (!exchange_) co_return;
  Timer bound = Executor::current()->start_timer(clock_.steady() + limits::upstream_stream_end_timeout,
                                                 [stop = stop_] mutable { stop.request_stop(); });
  (void)co_await keep(exchange_->read_some());
  exchange_.reset();
  lease_.reset();
}

// The connection goes with the first fault.
Fault BedrockAnswer::told(Fault fault) {
  if (!server_fault_in(fault)) fault = fault_of_answer(std::move(fault.message));
  if (begun_) {
    fault = once_begun(std::move(fault));
    if (server_fault_in(fault)->next == ServerFault::Next::blame && lease_) {
      const Milliseconds pause = lease_->failed(clock_.steady());
      log::warning("an upstream failed within an answer",
                   {{"server", lease_->url().authority()}, {"reason", fault.message}, {"passed_over_ms", pause.count()}});
    }
    lease_.reset();
  }
  exchange_.reset();
  return fault;
}

}  // namespace outcrop::inference
