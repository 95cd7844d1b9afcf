#include "inference/openai/server_sent_events.h"

#include <gtest/gtest.h>

#include <vector>

namespace outcrop::inference {

namespace {

struct Event {
  std::string name, data;
  friend bool operator==(const Event&, const Event&) = default;
};

void PrintTo(const Event& event, std::ostream* out) { *out << event.name << ": " << event.data; }

// The events of a text that arrives in parts of that size.
std::vector<Event> events_of(std::string_view text, size_t part_bytes) {
  std::vector<Event> events;
  ServerSentEvents reader(1000);
  for (size_t at = 0; at < text.size(); at += part_bytes) {
    std::string_view part = text.substr(at, part_bytes);
    while (true) {
      Result<bool> whole = reader.feed(part);
      EXPECT_TRUE(whole);
      if (!whole || !*whole) break;
      events.push_back({std::string(reader.name()), std::string(reader.data())});
    }
    EXPECT_TRUE(part.empty());
  }
  return events;
}

// Wherever the text is cut, its events are these.
void expect_events(std::string_view text, const std::vector<Event>& events) {
  for (size_t part_bytes = 1; part_bytes <= text.size(); ++part_bytes) EXPECT_EQ(events_of(text, part_bytes), events) << part_bytes;
}

}  // namespace

TEST(ServerSentEvents, DataEndsAtABlankLine) { expect_events("data: {\"a\":1}\n\ndata: [DONE]\n\n", {{"", "{\"a\":1}"}, {"", "[DONE]"}}); }

TEST(ServerSentEvents, LinesEndInAnyWay) {
  expect_events("data: a\r\n\r\ndata: b\r\rdata: c\n\n", {{"", "a"}, {"", "b"}, {"", "c"}});
  expect_events("data: a\r\ndata: b\r\n\r\n", {{"", "a\nb"}});
  expect_events("data: a\r\n\r\n\r\ndata: b\r\n\r\n", {{"", "a"}, {"", "b"}});
}

TEST(ServerSentEvents, LinesOfDataAreJoined) { expect_events("data: a\ndata:b\ndata:  c\ndata\n\n", {{"", "a\nb\n c\n"}}); }

TEST(ServerSentEvents, AnEventMayHaveAName) {
  expect_events("event: error\ndata: {}\n\ndata: x\n\nevent: ping\n\ndata: y\n\n", {{"error", "{}"}, {"", "x"}, {"", "y"}});
}

TEST(ServerSentEvents, CommentsAndOtherFieldsSayNothing) {
  expect_events(": ping\n\nid: 7\nretry: 10\n: OPENROUTER PROCESSING\ndata: a\nfoo: bar\n\n", {{"", "a"}});
}

TEST(ServerSentEvents, AByteOrderMarkStandsAtTheBeginningOnly) {
  expect_events(
      "\xef\xbb\xbf"
      "data: a\n\n\xef\xbb\xbf"
      "data: b\n\ndata: c\n\n",
      {{"", "a"}, {"", "c"}});
}

TEST(ServerSentEvents, EmptyDataIsAnEvent) { expect_events("data:\n\n", {{"", ""}}); }

TEST(ServerSentEvents, AnUnfinishedEventIsNone) { expect_events("data: a\n\ndata: b\n", {{"", "a"}}); }

TEST(ServerSentEvents, AnEventThatIsTooLargeIsRefusedBeforeItIsKept) {
  ServerSentEvents reader(10);
  std::string_view input = "data: 12345\ndata: 123456\n\n";
  Result<bool> fed = reader.feed(input);
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, "ModelStreamErrorException");
  EXPECT_EQ(fed.error().status, 424);
  ServerSentEvents other(10);
  input = "data: 123456789";
  EXPECT_FALSE(other.feed(input));
}

}  // namespace outcrop::inference
