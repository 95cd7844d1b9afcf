// What a model server streams: events do not depend on how their bytes arrive, and the answer they make is well formed.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "inference/collect.h"
#include "inference/openai/chat_answer.h"
#include "inference/openai/server_sent_events.h"

namespace {

using namespace outcrop;
using namespace outcrop::inference;

constexpr size_t event_bytes_max = 4096;

struct Read {
  std::vector<std::string> events;
  bool failed = false;
};

Read read_in_parts(std::string_view bytes, size_t part_bytes) {
  Read read;
  ServerSentEvents reader(event_bytes_max);
  for (size_t at = 0; at < bytes.size() && !read.failed; at += part_bytes) {
    std::string_view part = bytes.substr(at, part_bytes);
    while (true) {
      Result<bool> whole = reader.feed(part);
      read.failed = !whole;
      if (!whole || !*whole) break;
      read.events.push_back(std::string(reader.name()) + ": " + std::string(reader.data()));
    }
  }
  return read;
}

// Blocks follow each other, each is closed, and a delta is of the block that is open.
void check_events(const std::vector<AnswerEvent>& events) {
  int last = -1;
  bool open = false;
  auto begin = [&](int index) {
    check(!open && index == last + 1, "a block begins out of turn");
    last = index;
    open = true;
  };
  for (const AnswerEvent& event : events) {
    if (auto* start = std::get_if<BlockStart>(&event)) begin(start->index);
    if (auto* delta = std::get_if<BlockDelta>(&event)) {
      if (!open) begin(delta->index);
      check(delta->index == last, "a delta of another block");
    }
    if (auto* stop = std::get_if<BlockStop>(&event)) check(std::exchange(open, false) && stop->index == last, "a block ends out of turn");
  }
  check(!open, "a block stays open");
}

void check_answer(const std::vector<std::string>& chunks) {
  ChatAnswer answer([] { return std::string("made"); });
  std::vector<AnswerEvent> events;
  for (const std::string& chunk : chunks) {
    Result<ChatMessage> message = read_chat_message(std::string_view(chunk).substr(chunk.find(": ") + 2));
    if (message && !answer.take(std::move(*message), events)) break;
  }
  answer.finish(events);
  check_events(events);
  Collector collector;
  for (AnswerEvent& event : events) collector.take(std::move(event));
  collector.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Read whole = read_in_parts(bytes, size + 1), parts = read_in_parts(bytes, 3);
  check(whole.failed == parts.failed && whole.events == parts.events, "events depend on how their bytes arrive");
  check_answer(whole.events);
  return 0;
}
