#include "net/http1/response_parser.h"

#include <gtest/gtest.h>

namespace outcrop::net {
namespace {

using Kind = BodyFraming::Kind;

struct ParsedHead {
  ParseState state = ParseState::needs_more;
  ResponseHead head;
  BodyFraming framing;
  std::string refusal;
  bool too_large = false;
  size_t taken = 0;
};

// In pieces of so many bytes, as a connection would bring them.
ParsedHead parse_head(std::string_view text, size_t piece, std::string_view method = "GET", ResponseLimits limits = {}) {
  ParsedHead parsed;
  ResponseHeadParser parser(limits);
  std::string buffered;
  while (!text.empty() && parsed.state == ParseState::needs_more) {
    buffered += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    size_t taken = 0;
    parsed.state = parser.feed(buffered, parsed.head, taken);
    buffered.erase(0, taken);
    parsed.taken += taken;
  }
  parsed.framing = parser.framing(parsed.head.status, method);
  parsed.refusal = parser.refusal();
  parsed.too_large = parser.is_too_large();
  return parsed;
}

TEST(ResponseHeadParser, AHeadIsTheSameHoweverItIsCut) {
  std::string_view text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nx:\r\nContent-Length: 5\r\n\r\nhello";
  for (size_t piece = 1; piece <= text.size(); ++piece) {
    ParsedHead parsed = parse_head(text, piece);
    ASSERT_EQ(parsed.state, ParseState::complete) << piece;
    EXPECT_EQ(parsed.head.status, 200);
    EXPECT_EQ(parsed.head.headers.get("content-type"), "text/plain");
    EXPECT_EQ(parsed.head.headers.size(), 3u);
    EXPECT_EQ(parsed.taken, text.size() - 5);
    EXPECT_EQ(parsed.framing.kind, Kind::length);
    EXPECT_EQ(parsed.framing.length, 5u);
  }
}

TEST(ResponseHeadParser, TheFieldsSayHowTheBodyEnds) {
  EXPECT_EQ(parse_head("HTTP/1.1 200 OK\r\n\r\n", 99).framing.kind, Kind::until_close);
  EXPECT_FALSE(parse_head("HTTP/1.1 200 OK\r\n\r\n", 99).framing.keep_alive);
  EXPECT_EQ(parse_head("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", 99).framing.kind, Kind::chunked);
  EXPECT_EQ(parse_head("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 99).framing.kind, Kind::none);
}

TEST(ResponseHeadParser, SomeAnswersHaveNoBodyWhateverTheySay) {
  EXPECT_EQ(parse_head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 99, "HEAD").framing.kind, Kind::none);
  EXPECT_EQ(parse_head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 99, "HEAD").framing.kind, Kind::none);
  EXPECT_EQ(parse_head("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 99).framing.kind, Kind::none);
  EXPECT_EQ(parse_head("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 99).framing.kind, Kind::none);
}

TEST(ResponseHeadParser, WhoMayUseTheConnectionAgain) {
  EXPECT_TRUE(parse_head("HTTP/1.1 204 x\r\n\r\n", 99).framing.keep_alive);
  EXPECT_FALSE(parse_head("HTTP/1.1 204 x\r\nConnection: x, Close\r\n\r\n", 99).framing.keep_alive);
  EXPECT_FALSE(parse_head("HTTP/1.0 204 x\r\n\r\n", 99).framing.keep_alive);
  EXPECT_TRUE(parse_head("HTTP/1.0 204 x\r\nConnection: keep-alive\r\n\r\n", 99).framing.keep_alive);
}

TEST(ResponseHeadParser, AnEmptyPhraseNeedsNoBlank) {
  EXPECT_EQ(parse_head("HTTP/1.1 200 \r\n\r\n", 99).state, ParseState::complete);
  EXPECT_EQ(parse_head("HTTP/1.1 200\r\n\r\n", 99).state, ParseState::complete);
}

TEST(ResponseHeadParser, WhatIsInDoubtIsRefused) {
  for (std::string_view text : {"\r\nHTTP/1.1 200 OK\r\n\r\n",
                                "HTTP/1.1 200 OK\n\n",
                                "HTTP/1.1 200 OK\r\nA: b\n\r\n",
                                "HTTP/2 200 OK\r\n\r\n",
                                "HTTP/2.0 200 OK\r\n\r\n",
                                "ICY 200 OK\r\n\r\n",
                                "HTTP/1.1  200 OK\r\n\r\n",
                                "HTTP/1.1 20 OK\r\n\r\n",
                                "HTTP/1.1 2000 OK\r\n\r\n",
                                "HTTP/1.1 099 x\r\n\r\n",
                                "HTTP/1.1 600 x\r\n\r\n",
                                "HTTP/1.1 200 a\rb\r\n\r\n",
                                "HTTP/1.1 200 OK\r\n A: b\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nA\r\n\r\n",
                                "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n",
                                "HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "HTTP/1.1 100 x\r\nContent-Length: 5\r\n\r\n",
                                "HTTP/1.1 101 Switching Protocols\r\n\r\n"}) {
    for (size_t piece : {size_t(1), text.size()}) {
      ParsedHead parsed = parse_head(text, piece);
      EXPECT_EQ(parsed.state, ParseState::refused) << text;
      EXPECT_FALSE(parsed.refusal.empty()) << text;
      EXPECT_FALSE(parsed.too_large) << text;
    }
  }
}

TEST(ResponseHeadParser, HeadsHaveLimits) {
  ResponseLimits limits{.head_bytes_max = 100, .fields_max = 2};
  EXPECT_TRUE(parse_head("HTTP/1.1 200 " + std::string(100, 'x'), 7, "GET", limits).too_large);
  EXPECT_TRUE(parse_head("HTTP/1.1 200 OK\r\nA: " + std::string(100, 'x'), 7, "GET", limits).too_large);
  EXPECT_TRUE(parse_head("HTTP/1.1 200 OK\r\na: b\r\nc: d\r\ne: f\r\n\r\n", 7, "GET", limits).too_large);
  EXPECT_EQ(parse_head("HTTP/1.1 200 OK\r\na: b\r\nc: d\r\n\r\n", 7, "GET", limits).state, ParseState::complete);
}

}  // namespace
}  // namespace outcrop::net
