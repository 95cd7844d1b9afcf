#include "net/http1/parser.h"

#include <gtest/gtest.h>

#include <random>

namespace outcrop::net {
namespace {

struct Parsed {
  ParseState state;
  RequestHead head;
  Framing framing;
  int status;        // of the refusal
  std::string rest;  // what was not taken
};

// Feeds `text` in pieces of at most `piece` bytes, as a connection does.
Parsed parse(std::string_view text, size_t piece = std::string::npos, HeadLimits limits = {}) {
  HeadParser parser(limits);
  RequestHead head;
  std::string buffered;
  ParseState state = ParseState::needs_more;
  while (state == ParseState::needs_more && !text.empty()) {
    buffered += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    size_t taken = 0;
    state = parser.feed(buffered, head, taken);
    buffered.erase(0, taken);
  }
  return {state, head, parser.framing(), parser.refusal().status, buffered + std::string(text)};
}

int refusal_of(std::string_view text, HeadLimits limits = {}) {
  Parsed parsed = parse(text, std::string::npos, limits);
  return parsed.state == ParseState::refused ? parsed.status : 0;
}

std::string with_fields(std::string_view fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n"; }

TEST(HeadParser, TakesARequestApart) {
  Parsed parsed = parse(
      "POST /000000000000/my%20queue?Action=x&y HTTP/1.1\r\nHost: localhost:4566\r\nX-Amz-Target:  AmazonSQS.SendMessage "
      "\t\r\nContent-Length: 17\r\n\r\nbody");
  ASSERT_EQ(parsed.state, ParseState::complete);
  EXPECT_EQ(parsed.head.method, "POST");
  EXPECT_EQ(parsed.head.path, "/000000000000/my%20queue");
  EXPECT_EQ(parsed.head.query, "Action=x&y");
  EXPECT_EQ(parsed.head.host, "localhost:4566");
  EXPECT_EQ(parsed.head.headers.get("x-amz-target"), "AmazonSQS.SendMessage");
  EXPECT_EQ(parsed.head.headers.size(), 3u);
  EXPECT_EQ(parsed.framing.content_length, 17u);
  EXPECT_TRUE(parsed.framing.keep_alive);
  EXPECT_EQ(parsed.rest, "body");
}

TEST(HeadParser, EveryWayToCutARequestGivesTheSame) {
  std::string text = "\r\nGET http://h.example:80?q HTTP/1.1\r\nHost: other\r\nA: 1\r\nB:\r\nConnection: Close, x\r\n\r\nnext";
  Parsed whole = parse(text);
  ASSERT_EQ(whole.state, ParseState::complete);
  for (size_t piece = 1; piece < text.size(); ++piece) {
    Parsed cut = parse(text, piece);
    ASSERT_EQ(cut.state, ParseState::complete) << piece;
    EXPECT_EQ(cut.head.path + cut.head.query + cut.head.host, whole.head.path + whole.head.query + whole.head.host);
    EXPECT_EQ(cut.head.headers.size(), whole.head.headers.size());
    EXPECT_EQ(cut.framing.keep_alive, whole.framing.keep_alive);
    EXPECT_EQ(cut.rest, "next");
  }
}

TEST(HeadParser, TheAuthorityOfAnAbsoluteTargetReplacesTheHostField) {
  Parsed parsed = parse("GET HTTP://sqs.example:4566/a?b HTTP/1.1\r\nHost: evil\r\n\r\n");
  EXPECT_EQ(parsed.head.host, "sqs.example:4566");
  EXPECT_EQ(parsed.head.path, "/a");
  EXPECT_EQ(parsed.head.query, "b");
  EXPECT_EQ(parse("GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n").head.path, "/");
}

TEST(HeadParser, TheAsteriskIsForOptionsOnly) {
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").head.path, "*");
  EXPECT_EQ(refusal_of("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(HeadParser, KeepingAliveFollowsVersionAndConnectionField) {
  auto keeps = [](std::string_view version, std::string_view connection) {
    return parse("GET / " + std::string(version) + "\r\nHost: a\r\n" + std::string(connection) + "\r\n").framing.keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1", ""));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1", "Connection: keep-alive\r\nConnection: upgrade, CLOSE\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0", ""));
  EXPECT_TRUE(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.7", ""));
}

TEST(HeadParser, AnExpectationCountsOnlyWithABodyToWaitFor) {
  EXPECT_TRUE(parse(with_fields("Expect: 100-Continue\r\nContent-Length: 1\r\n")).framing.expects_continue);
  EXPECT_FALSE(parse(with_fields("Expect: 100-continue\r\n")).framing.expects_continue);
  EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n").framing.expects_continue);
  EXPECT_EQ(refusal_of(with_fields("Expect: miracles\r\n")), 417);
}

TEST(HeadParser, WhatIsDoubtfulAboutTheEndOfABodyIsRefused) {
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 5\r\nContent-Length: 6\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 5\r\nContent-Length: 5\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 5, 5\r\n")), 400);
  for (auto bad : {"-1", "+5", "0x5", "5 5", "", "1e3", "5;"}) {
    EXPECT_EQ(refusal_of(with_fields("Content-Length: " + std::string(bad) + "\r\n")), 400) << bad;
  }
  EXPECT_EQ(refusal_of(with_fields("Content-Length: 99999999999999999999\r\n")), 413);
  EXPECT_EQ(refusal_of(with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 400);
  for (auto bad : {"chunked, identity", "identity", "gzip, chunked", "xchunked", "chunked;q=1",
                   "\x0b"
                   "chunked"}) {
    EXPECT_NE(refusal_of(with_fields("Transfer-Encoding: " + std::string(bad) + "\r\n")), 0) << bad;
  }
  EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(HeadParser, WhatIsDoubtfulAboutLinesAndFieldsIsRefused) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\nHost: a\n\n"), 400);
  EXPECT_EQ(refusal_of(with_fields("A: 1\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("A: 1\rB: 2\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("A: 1\r\n folded\r\n")), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(with_fields("A : 1\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("Transfer-Encoding : chunked\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields(": 1\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("A\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields("A(b): 1\r\n")), 400);
  EXPECT_EQ(refusal_of(with_fields(std::string("A: 1\0002\r\n", 9))), 400);
  EXPECT_EQ(refusal_of(with_fields("A: \x7f\r\n")), 400);
}

TEST(HeadParser, WhatIsDoubtfulAboutTheHostIsRefused) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET http:// HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET http://u@h/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/1.0\r\n\r\n").state, ParseState::complete);
}

TEST(HeadParser, MalformedRequestLinesAreRefused) {
  for (auto line : {"GET /", "GET  / HTTP/1.1x", "GET / HTTP/11", "GET / HTTP/1.x", "GET / http/1.1", "G(T / HTTP/1.1", " / HTTP/1.1",
                    "GET / x HTTP/1.1", "GET /#f HTTP/1.1", "GET a HTTP/1.1", "GET ftp://h/ HTTP/1.1", "GET /\x01 HTTP/1.1",
                    "GET\t/ HTTP/1.1", "GET  HTTP/1.1"}) {
    EXPECT_EQ(refusal_of(std::string(line) + "\r\nHost: a\r\n\r\n"), 400) << line;
  }
  EXPECT_EQ(refusal_of("\r\n\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(refusal_of("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(refusal_of(std::string(40, 'M') + " / HTTP/1.1\r\n\r\n"), 400);
}

TEST(HeadParser, LimitsApplyBeforeALineIsComplete) {
  HeadLimits limits{.request_line_bytes_max = 100, .head_bytes_max = 300, .fields_max = 3};
  EXPECT_EQ(refusal_of("GET /" + std::string(100, 'a'), limits), 414);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nA: " + std::string(300, 'a'), limits), 431);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n", limits), 431);
  std::string exactly = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
  exactly += std::string(300 - exactly.size() - 4, 'a') + "\r\n\r\n";
  EXPECT_EQ(parse(exactly, 1, limits).state, ParseState::complete);
  EXPECT_EQ(refusal_of(exactly.insert(20, "b"), limits), 431);
}

struct Decoded {
  ParseState state = ParseState::needs_more;
  std::string body;
  Headers trailers;
  std::string rest;
};

Decoded decode(std::string_view text, std::mt19937_64& random, size_t part_max) {
  ChunkedDecoder decoder;
  Decoded decoded;
  std::string buffered;
  while (decoded.state == ParseState::needs_more && (!text.empty() || !buffered.empty())) {
    size_t piece = std::min<size_t>(1 + random() % part_max, text.size());
    buffered += text.substr(0, piece);
    text.remove_prefix(piece);
    size_t taken = 0;
    std::string part;
    size_t room = 1 + random() % part_max;
    decoded.state = decoder.feed(buffered, part, room, taken);
    EXPECT_LE(part.size(), room);
    if (taken == 0 && text.empty()) break;
    buffered.erase(0, taken);
    decoded.body += part;
  }
  decoded.trailers = decoder.trailers();
  decoded.rest = buffered + std::string(text);
  return decoded;
}

ParseState state_of(std::string_view text) {
  std::mt19937_64 random(1);
  return decode(text, random, 1000).state;
}

TEST(ChunkedDecoder, EveryWayToCutABodyGivesTheSame) {
  unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::string text = "5\r\nhello\r\n00a;name=\"value\"\r\n, chunked \r\n6\r\nworld!\r\n0\r\nX-Checksum: abc\r\nY:\r\n\r\nGET";
  for (size_t i = 0; i < 2'000; ++i) {
    Decoded decoded = decode(text, random, 1 + i % 40);
    ASSERT_EQ(decoded.state, ParseState::complete);
    EXPECT_EQ(decoded.body, "hello, chunked world!");
    EXPECT_EQ(decoded.trailers.get("x-checksum"), "abc");
    EXPECT_EQ(decoded.trailers.size(), 2u);
    EXPECT_EQ(decoded.rest, "GET");
  }
}

TEST(ChunkedDecoder, WhatIsDoubtfulAboutAChunkIsRefused) {
  for (auto bad : {"g\r\n",
                   "\r\n",
                   ";x\r\n",
                   " 5\r\nhello\r\n",
                   "5 \r\nhello\r\n",
                   "0x5\r\n",
                   "-1\r\n",
                   "5\nhello\n",
                   "5\r\nhelloX",
                   "5\r\nhello\n0\r\n\r\n",
                   "5\r\rhello",
                   "5\r\nhello\r0",
                   "1000000000000000\r\n",
                   "5;a\nhello\r\n",
                   "5;\x01\r\n",
                   "0\r\nA : b\r\n",
                   "0\r\n folded: 1\r\n",
                   "0\r\nA\r\n",
                   "0\r\n\n",
                   "0\r\nA: b\n\r\n"}) {
    EXPECT_EQ(state_of(bad), ParseState::refused) << bad;
  }
}

TEST(ChunkedDecoder, ExtensionsAndTrailersAreBounded) {
  EXPECT_EQ(state_of("5;" + std::string(limits::chunk_extension_bytes_max + 1, 'a')), ParseState::refused);
  std::string many;
  while (many.size() < limits::chunk_extension_bytes_max * 8) many += "1;aaaaaaa\r\nx\r\n";
  EXPECT_EQ(state_of(many), ParseState::refused);
  EXPECT_EQ(state_of("0\r\nA: " + std::string(limits::trailer_bytes_max, 'a')), ParseState::refused);
  std::string lines = "0\r\n";
  for (size_t i = 0; i <= limits::fields_max; ++i) lines += "A: b\r\n";
  EXPECT_EQ(state_of(lines), ParseState::refused);
}

}  // namespace
}  // namespace outcrop::net
