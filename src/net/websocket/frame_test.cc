// The reader of a client's frames, case by case in the order of the Autobahn test suite (1 framing, 2 pings, 3 reserved bits,
// 4 opcodes, 5 fragmentation, 6 UTF-8, 7 closing, 9 limits), and what we write.
#include "net/websocket/frame.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "net/websocket/client_test.h"

namespace outcrop::net {
namespace {

using Event = WebSocketReader::Event;

// What a reader makes of bytes in pieces of `piece`: one word for each event, payloads in parentheses.
std::string told(std::string_view bytes, size_t piece, WebSocketLimits limits = {}) {
  WebSocketReader reader(limits);
  std::string story;
  auto tell = [&](Event event) {
    switch (event) {
      case Event::needs_more:
        break;
      case Event::message: {
        WebSocketMessage message = reader.take_message();
        story += fmt::format("{}({}) ", message.kind == WebSocketMessage::Kind::text ? "text" : "binary", message.data);
        break;
      }
      case Event::ping:
        story += fmt::format("ping({}) ", reader.control_payload());
        break;
      case Event::pong:
        story += fmt::format("pong({}) ", reader.control_payload());
        break;
      case Event::close:
        story += fmt::format("close({} {}) ", reader.close_reason().code, reader.close_reason().text);
        break;
      case Event::refused:
        story += fmt::format("refused({}) ", reader.close_reason().code);
        break;
    }
  };
  while (!bytes.empty()) {
    std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    for (;;) {
      size_t taken = 0;
      Event event = reader.feed(part, taken);
      part.remove_prefix(taken);
      tell(event);
      if (event == Event::close || event == Event::refused) return story;
      if (event == Event::needs_more) break;
    }
    EXPECT_TRUE(part.empty());
  }
  if (!reader.at_rest()) story += "unfinished";
  return story;
}

struct Case {
  std::string_view what;
  std::string bytes;
  std::string story;
};

void expect_stories(std::span<const Case> cases, WebSocketLimits limits = {}) {
  for (const Case& each : cases) {
    for (size_t piece : {1, 2, 3, 5, 14, 1 << 20}) EXPECT_EQ(told(each.bytes, piece, limits), each.story) << each.what << " by " << piece;
  }
}

std::string frame(uint8_t first, std::string_view payload) { return masked_frame(first, payload); }
std::string begin_text(std::string_view payload) { return masked_frame(0x01, payload); }
std::string go_on(std::string_view payload) { return masked_frame(0x00, payload); }
std::string last(std::string_view payload) { return masked_frame(0x80, payload); }

TEST(WebSocketReader, FramesOfEveryLengthArriveWhole) {
  for (size_t size : {0, 1, 7, 8, 9, 125, 126, 127, 128, 65535, 65536, 65537, 131072}) {
    std::string data(size, 'x');
    for (size_t i = 0; i < size; ++i) data[i] = char(i * 31 % 128);
    EXPECT_EQ(told(text_frame(data), 997), fmt::format("text({}) ", data));
    EXPECT_EQ(told(binary_frame(data), 1 << 20), fmt::format("binary({}) ", data));
  }
}

TEST(WebSocketReader, AnyMaskIsTakenOff) {
  for (uint32_t key : {0u, 0xffffffffu, 0x00ff00ffu, 0x12345678u}) {
    EXPECT_EQ(told(masked_frame(0x81, "some text, not of a word's length", key), 3), "text(some text, not of a word's length) ");
  }
}

TEST(WebSocketReader, PingsAndPongs) {
  const Case cases[] = {
      {"without payload", masked_ping(), "ping() "},
      {"with payload", masked_ping("hello"), "ping(hello) "},
      {"with the longest payload", masked_ping(std::string(125, 'a')), "ping(" + std::string(125, 'a') + ") "},
      {"with one byte too many", masked_ping(std::string(126, 'a')), "refused(1002) "},
      {"not UTF-8, which is no matter", masked_ping("\xff\xfe"), "ping(\xff\xfe) "},
      {"unsolicited pong", frame(0x8a, "x") + masked_ping("y"), "pong(x) ping(y) "},
      {"many", masked_ping("1") + masked_ping("2") + masked_ping("3"), "ping(1) ping(2) ping(3) "},
      {"fragmented ping", frame(0x09, ""), "refused(1002) "},
      {"fragmented pong", frame(0x0a, ""), "refused(1002) "},
  };
  expect_stories(cases);
}

TEST(WebSocketReader, ReservedBitsAreRefused) {
  for (int bits = 1; bits < 8; ++bits) {
    for (uint8_t first : {0x81, 0x82, 0x88, 0x89, 0x8a}) {
      EXPECT_EQ(told(text_frame("before") + frame(uint8_t(first | bits << 4), "x"), 1), "text(before) refused(1002) ");
    }
  }
}

TEST(WebSocketReader, ReservedOpcodesAreRefused) {
  for (uint8_t opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    for (std::string_view payload : {"", "x"}) EXPECT_EQ(told(frame(uint8_t(0x80 | opcode), payload), 1), "refused(1002) ") << int(opcode);
  }
}

TEST(WebSocketReader, Fragmentation) {
  const Case cases[] = {
      {"two fragments", begin_text("frag") + last("ment"), "text(fragment) "},
      {"binary", frame(0x02, "a") + go_on("b") + last("c"), "binary(abc) "},
      {"empty fragments", begin_text("") + go_on("") + last(""), "text() "},
      {"empty around one", begin_text("") + go_on("x") + last(""), "text(x) "},
      {"a ping between", begin_text("a") + masked_ping("p") + last("b"), "ping(p) text(ab) "},
      {"pongs between", begin_text("a") + frame(0x8a, "1") + go_on("b") + frame(0x8a, "2") + last("c"), "pong(1) pong(2) text(abc) "},
      {"a close between", begin_text("a") + close_frame(1000), "close(1000 ) "},
      {"nothing to continue", last("x"), "refused(1002) "},
      {"nothing to continue, unfinished", go_on("x"), "refused(1002) "},
      {"nothing to continue any more", begin_text("a") + last("b") + last("c"), "text(ab) refused(1002) "},
      {"a text within a text", begin_text("a") + text_frame("b"), "refused(1002) "},
      {"a binary within a text", begin_text("a") + binary_frame("b"), "refused(1002) "},
      {"unfinished", begin_text("a"), "unfinished"},
      {"between messages", begin_text("a") + last("b") + text_frame("c"), "text(ab) text(c) "},
  };
  expect_stories(cases);
}

TEST(WebSocketReader, TextsAreUtf8AcrossFragments) {
  const Case cases[] = {
      {"whole", text_frame("κόσμε 😀"), "text(κόσμε 😀) "},
      {"cut within a character", begin_text("\xce") + last("\xba"), "text(κ) "},
      {"cut within a character by an empty one", begin_text("\xf0\x9f") + go_on("") + last("\x98\x80"), "text(😀) "},
      {"a ping within a character", begin_text("\xce") + masked_ping("\xff") + last("\xba"), "ping(\xff) text(κ) "},
      {"ends within a character", text_frame("\xce"), "refused(1007) "},
      {"fragments that end within a character", begin_text("\xf0\x9f") + last("\x98"), "refused(1007) "},
      {"overlong", text_frame("\xc0\xaf"), "refused(1007) "},
      {"surrogates", text_frame("\xed\xa0\x80\xed\xb0\x80"), "refused(1007) "},
      {"too high", text_frame("\xf4\x90\x80\x80"), "refused(1007) "},
      {"no rest of a character left over", begin_text("a") + last("b") + text_frame("\xba"), "text(ab) refused(1007) "},
      {"binary is anything", binary_frame("\xff\xc0\x80"), "binary(\xff\xc0\x80) "},
  };
  expect_stories(cases);
}

TEST(WebSocketReader, AWrongByteIsRefusedBeforeTheFrameIsWhole) {
  std::string whole = text_frame("κόσμε\xf4\x90\x80\x80" + std::string(1000, 'x'));
  EXPECT_EQ(told(std::string_view(whole).substr(0, 8 + 10 + 2), 1 << 20), "refused(1007) ");
  std::string first = begin_text("\xed\xa0");  // no text has these
  EXPECT_EQ(told(first, 1), "refused(1007) ");
}

TEST(WebSocketReader, Closing) {
  std::string longest(123, 'r');
  const Case cases[] = {
      {"without a code", close_frame(), "close(1005 ) "},
      {"with a code", close_frame(1000), "close(1000 ) "},
      {"with a reason", close_frame(1000, "bye, κόσμε"), "close(1000 bye, κόσμε) "},
      {"with the longest reason", close_frame(3000, longest), "close(3000 " + longest + ") "},
      {"too long", close_frame(1000, longest + "r"), "refused(1002) "},
      {"half a code", frame(0x88, "\x03"), "refused(1002) "},
      {"a reason that is not UTF-8", close_frame(1000, "\xce\xba\xff"), "refused(1007) "},
      {"a reason that is cut", close_frame(1000, "\xce"), "refused(1007) "},
      {"fragmented", frame(0x08, ""), "refused(1002) "},
  };
  expect_stories(cases);
}

TEST(WebSocketReader, OnlyCodesThatMayBeSentAreTaken) {
  for (uint16_t code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999}) {
    EXPECT_EQ(told(close_frame(code), 1), fmt::format("close({} ) ", code));
  }
  for (uint16_t code : {1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    EXPECT_EQ(told(close_frame(code), 1), "refused(1002) ") << code;
  }
  EXPECT_EQ(told(frame(0x88, std::string_view("\0\0", 2)), 1), "refused(1002) ");
}

TEST(WebSocketReader, FramesThatAreNotMaskedAreRefusedByTheirFirstTwoBytes) {
  for (uint8_t first : {0x81, 0x82, 0x88, 0x89, 0x8a}) EXPECT_EQ(told(std::string{char(first), 0}, 1), "refused(1002) ");
}

TEST(WebSocketReader, LengthsAreInTheirShortestForm) {
  auto frame_with_length = [](std::initializer_list<int> bytes) {
    std::string text = "\x82";
    for (int byte : bytes) text += char(byte);
    return text + std::string(4, '\0');
  };
  EXPECT_EQ(told(frame_with_length({0xfe, 0, 125}), 1), "refused(1002) ");
  EXPECT_EQ(told(frame_with_length({0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff}), 1), "refused(1002) ");
  EXPECT_EQ(told(frame_with_length({0xff, 0x80, 0, 0, 0, 0, 1, 0, 0}), 1), "refused(1002) ");
}

TEST(WebSocketReader, LimitsAreJudgedByWhatAFrameAnnounces) {
  constexpr WebSocketLimits limits{.frame_bytes_max = 100, .message_bytes_max = 150, .fragments_max = 4};
  std::string hundred(100, 'h'), fifty(50, 'f');
  const Case cases[] = {
      {"the largest frame", text_frame(hundred), "text(" + hundred + ") "},
      {"a larger frame's head", text_frame(hundred + "h").substr(0, 6), "refused(1009) "},
      {"the largest message", begin_text(hundred) + last(fifty), "text(" + hundred + fifty + ") "},
      {"a larger message's last head", begin_text(hundred) + last(fifty + "f").substr(0, 6), "refused(1009) "},
      {"the next message has its own", begin_text(hundred) + last(fifty) + text_frame("x"), "text(" + hundred + fifty + ") text(x) "},
      {"most fragments", begin_text("") + go_on("") + go_on("") + last("x"), "text(x) "},
      {"too many fragments", begin_text("") + go_on("") + go_on("") + go_on("") + last("x"), "refused(1008) "},
      {"a frame of 2^62 bytes", std::string("\x82\xff\x40\0\0\0\0\0\0\0mask", 14), "refused(1009) "},
  };
  expect_stories(cases, limits);
}

TEST(WebSocketReader, MemoryIsTakenForWhatHasComeOnly) {
  WebSocketReader reader({.frame_bytes_max = 1 << 30, .message_bytes_max = 1 << 30});
  std::string large = binary_frame(std::string(1 << 20, 'x'));
  size_t taken = 0;
  EXPECT_EQ(reader.feed(std::string_view(large).substr(0, 100), taken), Event::needs_more);
  EXPECT_EQ(taken, 100u);
  EXPECT_LT(reader.memory(), 1024u);
}

TEST(WebSocketFrameHead, IsInItsShortestForm) {
  auto bytes = [](uint64_t payload) { return hex(WebSocketFrameHead(WebSocketOpcode::text, payload).bytes()); };
  EXPECT_EQ(bytes(0), "8100");
  EXPECT_EQ(bytes(125), "817d");
  EXPECT_EQ(bytes(126), "817e007e");
  EXPECT_EQ(bytes(65535), "817effff");
  EXPECT_EQ(bytes(65536), "817f0000000000010000");
}

TEST(ClosePayload, HoldsTheCodeAndWhatFitsOfTheReason) {
  EXPECT_EQ(close_payload(close_code::none_received, "x"), "");
  EXPECT_EQ(close_payload(1000, ""), "\x03\xe8");
  EXPECT_EQ(close_payload(1000, std::string(200, 'r')).size(), 125u);
  EXPECT_EQ(close_payload(1000, std::string(122, 'r') + "κ"), "\x03\xe8" + std::string(122, 'r'));  // not half a character
}

TEST(Unmask, GoesOnWhereAPieceEnded) {
  std::string plain = "the payload of a frame that came in several pieces";
  std::string masked = masked_frame(0x81, plain).substr(6);
  for (size_t cut = 0; cut <= plain.size(); ++cut) {
    std::string bytes = masked;
    unmask(std::span(bytes).first(cut), {0x9a, 0x3c, 0x51, 0xf7}, 0);
    unmask(std::span(bytes).subspan(cut), {0x9a, 0x3c, 0x51, 0xf7}, cut);
    ASSERT_EQ(bytes, plain);
  }
}

}  // namespace
}  // namespace outcrop::net
