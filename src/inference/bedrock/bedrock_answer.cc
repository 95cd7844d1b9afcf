#include "inference/bedrock/bedrock_answer.h"

#include <fmt/format.h>

#include "inference/bedrock/limits.h"
#include "inference/bedrock/upstream_fault.h"

namespace outcrop::inference {

BedrockAnswer::BedrockAnswer(const ModelRequest& request, const Clock& clock) : ServerAnswer(request.stop, clock) {
  latency = request.latency;
  tier = request.tier;
  const std::vector<std::string>& stops = request.conversation.parameters.stop_sequences;
  if (stops.size() == 1) only_stop_sequence_ = stops.front();
}

bool BedrockAnswer::is_stream(const net::ResponseHead& head) const {
  return head.headers.get("content-type").starts_with(wire::event_stream_type);
}

Task<Result<void>> BedrockAnswer::receive() {
  while (events_.empty()) {
    auto message = stream_.next();
    if (!message) co_return fail(fault_of_answer(fmt::format("The upstream's event stream is broken: {}", message.error().message)));
    if (*message) {
      co_await take(**message);
      continue;
    }
    auto part = co_await keep(exchange().read_some());
    if (!part) co_return fail(fault_of_connection(part.error()));
    if (!*part) co_return fail(fault_of_answer("The upstream's stream ended before the answer."));
    stream_.add(**part);
  }
  take_over();
  co_return {};
}

Task<Result<void>> BedrockAnswer::receive_whole() {
  Result<std::string> body = co_await keep(exchange().read_whole(limits::upstream_answer_bytes_max));
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

}  // namespace outcrop::inference
