// What another Bedrock streams: messages do not depend on how their bytes arrive, and the answer they make is well formed and survives
// being written and read again.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "inference/bedrock/upstream_fault.h"
#include "inference/collect.h"
#include "inference/converse/converse_events.h"
#include "wire/event_stream.h"

namespace {

using namespace outcrop;
using namespace outcrop::inference;

std::vector<wire::Message> messages_in(std::string_view bytes, size_t part_bytes) {
  std::vector<wire::Message> messages;
  wire::MessageDecoder decoder;
  for (size_t at = 0; at < bytes.size(); at += part_bytes) {
    decoder.add(bytes.substr(at, part_bytes));
    while (true) {
      auto message = decoder.next();
      if (!message) return messages;
      if (!*message) break;
      messages.push_back(std::move(**message));
    }
  }
  return messages;
}

// Blocks follow each other, each is closed, and a delta is of the block that is open.
void check_events(const std::vector<AnswerEvent>& events) {
  int last = -1;
  bool open = false;
  for (const AnswerEvent& event : events) {
    auto begin = [&](int index) {
      check(!open && index > last, "a block begins out of turn");
      last = index;
      open = true;
    };
    if (auto* start = std::get_if<BlockStart>(&event)) begin(start->index);
    if (auto* delta = std::get_if<BlockDelta>(&event)) {
      if (!open) begin(delta->index);
      check(delta->index == last, "a delta of another block");
    }
    if (auto* stop = std::get_if<BlockStop>(&event)) check(std::exchange(open, false) && stop->index == last, "a block ends out of turn");
    if (std::holds_alternative<AnswerEnd>(event)) check(!open, "an answer ends within a block");
  }
}

void check_written_again(const std::vector<AnswerEvent>& events) {
  ConverseEvents reader;
  std::vector<AnswerEvent> again;
  for (const AnswerEvent& event : events) {
    const json::Value written = converse_event(event, Latency::standard, ServiceTier::standard);
    const json::Member& told = *written.as_object().begin();
    check(reader.take(told.name(), told.value, again).has_value(), "what was written cannot be read");
  }
  check(again.size() == events.size(), "an event was lost");
}

void read_answer(const std::vector<wire::Message>& messages) {
  ConverseEvents reader;
  std::vector<AnswerEvent> events;
  for (const wire::Message& message : messages) {
    if (message.text(":message-type") != "event") {
      check(server_fault_in(fault_of_message(message)) != nullptr, "a fault that says nothing about who is to be asked next");
      break;
    }
    const auto event = json::parse(message.payload);
    if (!event || !reader.take(message.text(":event-type"), *event, events)) break;
  }
  check_events(events);
  check_written_again(events);
  Collector collector;
  for (AnswerEvent& event : events) collector.take(std::move(event));
  collector.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<wire::Message> messages = messages_in(bytes, size + 1);
  check(messages == messages_in(bytes, 7), "messages depend on how their bytes arrive");
  read_answer(messages);
  // Frames have checksums, which keep chance out: the same bytes as a whole answer, and as one event.
  if (const auto value = json::parse(bytes)) {
    std::vector<AnswerEvent> events;
    ConverseEvents whole;
    (void)whole.take_whole(*value, events);
    check_events(events);
    check_written_again(events);
    if (value->is_array()) {
      std::vector<wire::Message> stream;
      for (const json::Value& event : value->as_array()) {
        if (!event.is_object() || event.as_object().empty()) continue;
        const json::Member& told = *event.as_object().begin();
        stream.push_back({{{":message-type", "event"}, {":event-type", std::string(told.name())}}, json::write(told.value)});
      }
      read_answer(stream);
    }
  }
  return 0;
}
